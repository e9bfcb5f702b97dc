import { formatTimestamp, type Timestamp } from '../../../domain/values/time.ts';
import { accountAt, type AccountMoment } from '../../../platform/account-history/account-at.ts';
import { type AccountLog, readAccountLog } from '../../../platform/account-history/account-log.ts';
import type { Deadline } from '../../../platform/deadline/deadline.ts';
import type { Dependencies, Reaching } from '../../dependencies.ts';
import { type Reply, refused } from '../door/reply.ts';
import { type Holding, holdingsOf } from './holdings.ts';

type Needs = Reaching<'prices' | 'views'>;

/** Nobody knows yet what will be. */
export function futureRefusal(
  { clock }: Pick<Dependencies, 'clock'>,
  field: string,
  asked: Timestamp,
): Reply | undefined {
  const now = clock.now();
  if (asked <= now) return undefined;
  const [limit, observed] = [formatTimestamp(now), formatTimestamp(asked)];
  return refused('field_invalid', { field, hint: 'not in the future', limit, observed });
}

export type LogOrRefusal = { readonly log: AccountLog } | { readonly refusal: Reply };

export async function accountLog(
  dependencies: Pick<Dependencies, 'views' | 'store'>,
  accountId: string,
  until: Timestamp,
  deadline: Deadline,
): Promise<LogOrRefusal> {
  const read = await readAccountLog(dependencies, accountId, until, deadline);
  if ('log' in read) return read;
  return { refusal: refused('history_too_large', { limit: String(read.streamsMoreThan) }) };
}

export type PastAccount = AccountMoment & { readonly holdings: readonly Holding[] };

/** An account as it was, valued at the reference prices of then. */
export async function pastAccount(
  dependencies: Needs,
  accountId: string,
  asOf: Timestamp,
  deadline: Deadline,
): Promise<PastAccount | { readonly refusal: Reply }> {
  const future = futureRefusal(dependencies, 'as_of', asOf);
  if (future) return { refusal: future };
  const read = await accountLog(dependencies, accountId, asOf, deadline);
  if ('refusal' in read) return read;
  const moment = accountAt(accountId, read.log);
  if (!moment) return { refusal: refused('account_not_found') };
  const { config, prices } = dependencies;
  const quote = (symbol: string) => prices.quoteAt(symbol, asOf, deadline);
  return { ...moment, holdings: await holdingsOf({ config, prices: { quote } }, moment.items, deadline) };
}
