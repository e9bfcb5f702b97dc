import { accountStream } from '../../domain/account/state.ts';
import { orderStream } from '../../domain/order/effects.ts';
import { transferStream } from '../../domain/transfer/state.ts';
import { type Timestamp, timestamp } from '../../domain/values/time.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { Commit, EventStore } from '../event-store/port.ts';
import { activitiesMax, ordersMax, type ViewReader } from '../views/port.ts';

/** Streams whose commits are read for one answer. An account that has more needs another way to look back. */
export const accountStreamsMax = 10_000;
/** Streams read at once. */
const atOnce = 50;

/** Every commit of an account's streams up to a moment, by stream. */
export interface AccountLog {
  readonly account: readonly Commit[];
  readonly orders: ReadonlyMap<string, readonly Commit[]>;
  readonly transfers: ReadonlyMap<string, readonly Commit[]>;
}

export type AccountLogRead = { readonly log: AccountLog } | { readonly streamsMoreThan: number };

type Reading = Pick<ViewReader, 'orders' | 'activities'>;

/**
 * What the log says of an account as of `until`: commits with `at <= until`. Which streams are the account's is looked up in the
 * lists, which follow within moments; what they say is the log's alone. A transfer that was never completed is not among them.
 */
export async function readAccountLog(
  { views, store }: { readonly views: Reading; readonly store: Pick<EventStore, 'read'> },
  accountId: string,
  until: Timestamp,
  deadline: Deadline,
): Promise<AccountLogRead> {
  const before = timestamp(until + 1);
  const orders = await orderStreams(views, { accountId, before }, deadline);
  const transfers = await transferStreams(views, { accountId, before }, deadline);
  if (!orders || !transfers || orders.length + transfers.length > accountStreamsMax)
    return { streamsMoreThan: accountStreamsMax };
  const read = async (stream: string): Promise<readonly Commit[]> =>
    (await store.read(stream, 1, deadline)).filter(({ at }) => at <= until);
  return {
    log: {
      account: await read(accountStream(accountId)),
      orders: await readEach(orders, read),
      transfers: await readEach(transfers, read),
    },
  };
}

interface Whose {
  readonly accountId: string;
  readonly before: Timestamp;
}

/** Undefined: too many. An order that was replaced has several rows, and one stream. */
async function orderStreams(
  views: Reading,
  { accountId, before }: Whose,
  deadline: Deadline,
): Promise<readonly string[] | undefined> {
  const streams = new Set<string>();
  let after: { after?: Timestamp } = {};
  while (streams.size <= accountStreamsMax) {
    const query = { accountId, status: 'all', direction: 'asc', limit: ordersMax, until: before } as const;
    const rows = await views.orders({ ...query, ...after }, deadline);
    const known = streams.size;
    for (const { orderId } of rows) streams.add(orderStream(orderId));
    const last = rows.at(-1);
    if (!last || rows.length < ordersMax || streams.size === known) return [...streams];
    // Others may have been submitted in the same microsecond as the last of the page.
    after = { after: timestamp(Math.max(0, last.submittedAt - 1)) };
  }
  return undefined;
}

async function transferStreams(
  views: Reading,
  { accountId, before }: Whose,
  deadline: Deadline,
): Promise<readonly string[] | undefined> {
  const streams: string[] = [];
  let token: { pageToken?: string } = {};
  while (streams.length <= accountStreamsMax) {
    const types = ['CSD', 'CSW', 'JNLS'] as const;
    const query = { accountId, types, until: before, direction: 'asc', limit: activitiesMax } as const;
    const page = await views.activities({ ...query, ...token }, deadline);
    for (const one of page) if (one.type !== 'FILL') streams.push(transferStream(one.transferId));
    const last = page.at(-1);
    if (!last || page.length < activitiesMax) return streams;
    token = { pageToken: last.id };
  }
  return undefined;
}

async function readEach(
  streams: readonly string[],
  read: (stream: string) => Promise<readonly Commit[]>,
): Promise<ReadonlyMap<string, readonly Commit[]>> {
  const commits = new Map<string, readonly Commit[]>();
  for (let from = 0; from < streams.length; from += atOnce) {
    const batch = streams.slice(from, from + atOnce);
    const found = await Promise.all(batch.map(read));
    for (const [index, stream] of batch.entries()) commits.set(stream, found[index] ?? []);
  }
  return commits;
}
