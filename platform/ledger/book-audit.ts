import { orderStream } from '../../domain/order/effects.ts';
import { bookStream } from '../../domain/venue/book-output.ts';
import { orderFold } from '../aggregates/order-fold.ts';
import { upcastBook } from '../aggregates/book.ts';
import { unhurried } from '../deadline/deadline.ts';
import type { Commit, EventStore } from '../event-store/port.ts';
import { replay } from '../venue/book-log.ts';
import type { Finding } from './finding.ts';
import { type Side, sidesHeard, sidesTold, type TradeSides } from './trade-sides.ts';

/** Matches every batch again, and says what both sides of every trade were told. What comes out otherwise is a finding. */
export function auditBook(stream: string, commits: readonly Commit[], sides: TradeSides): readonly Finding[] {
  try {
    const start = { book: undefined, last: undefined, owed: [], unsettled: [], snapshot: undefined };
    replay(stream, { ...start, inputsSince: 0 }, commits);
    for (const commit of commits) sides.told(sidesIn(stream, commit));
    return [];
  } catch (error) {
    const found = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return [{ where: stream, what: 'book', expected: 'the same when it is matched again', found }];
  }
}

function sidesIn(stream: string, commit: Commit): readonly Side[] {
  const symbol = stream.slice(bookStream('').length);
  const outputs = commit.events
    .map(upcastBook)
    .flatMap((event) => (event.type === 'BatchMatched' ? event.data.outputs : []));
  return outputs.flatMap((output, index) =>
    sidesTold(stream, symbol, { version: commit.version, index }, output),
  );
}

/**
 * What exactly differs between a book and its orders. Reads the orders of every trade, so only for books that are known to differ. What
 * the book told last may be on its way into the orders still, and is left out. `onRead` is told of every order that was read, and ends it
 * by throwing.
 */
export async function sideFindings(
  store: Pick<EventStore, 'read'>,
  stream: string,
  onRead: () => void,
): Promise<readonly Finding[]> {
  const commits = await store.read(stream, 1, unhurried);
  const findings: Finding[] = [];
  for (const commit of settledOf(commits)) {
    for (const { orderId, text } of sidesIn(stream, commit)) {
      const isHeard = await hasHeard(store, orderId, text);
      onRead();
      if (isHeard) continue;
      findings.push({ where: stream, what: `version ${commit.version}`, expected: text, found: 'nothing' });
    }
  }
  return findings;
}

/** A batch with inputs says that everything before it is in the orders. */
function settledOf(commits: readonly Commit[]): readonly Commit[] {
  const last = commits.findLastIndex((commit) =>
    commit.events
      .map(upcastBook)
      .some((event) => event.type === 'BatchMatched' && event.data.inputs.length > 0),
  );
  return commits.slice(0, Math.max(0, last));
}

async function hasHeard(store: Pick<EventStore, 'read'>, orderId: string, text: string): Promise<boolean> {
  const commits = await store.read(orderStream(orderId), 1, unhurried);
  const events = commits.flatMap((commit) => commit.events.map((stored) => orderFold.upcast(stored)));
  return sidesHeard({ orderId }, events).some((side) => side.text === text);
}
