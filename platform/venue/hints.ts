import { type OrderId, orderId as toOrderId } from '../../domain/values/ids.ts';
import { bookKind } from '../../domain/venue/book-output.ts';
import { kindOf } from '../consumer/port.ts';
import type { Commit, StoredEvent } from '../event-store/port.ts';

/** An order worth looking at: something may be asked of its venue since `version`. */
export interface Hint {
  readonly orderId: OrderId;
  readonly version: number;
  /** Where the commit says it. */
  readonly symbol?: string;
}

const orderPrefix = 'order-';

/** Undefined for commits that ask nothing of a venue, which is what our own book's sayings are. */
export function hintIn(commit: Commit): Hint | undefined {
  if (!commit.stream.startsWith(orderPrefix) || !commit.events.some(asksSomething)) return undefined;
  const orderId = toOrderId(commit.stream.slice(orderPrefix.length));
  const symbol = symbolIn(commit.events[0]);
  return { orderId, version: commit.version, ...(symbol !== undefined && { symbol }) };
}

const silent = new Set(['OrderAliased', 'OrderDenied', 'CancelRejected', 'ReplaceRejected', 'OrderHeld']);
const reopening = new Set(['ExecutionBusted', 'ExecutionCorrected']);

function asksSomething({ type, data }: StoredEvent): boolean {
  if (silent.has(type)) return false;
  if (type === 'OrderPlaced') return data['phase'] === 'sent';
  return reopening.has(type) || !isSaidByBook(data['position']);
}

function isSaidByBook(position: unknown): boolean {
  const stream = memberOf(position, 'stream');
  return typeof stream === 'string' && kindOf(stream) === bookKind;
}

function symbolIn({ type, data }: StoredEvent): string | undefined {
  const symbol = type === 'OrderPlaced' ? memberOf(data['contract'], 'symbol') : undefined;
  return typeof symbol === 'string' ? symbol : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** One for each order, where it was first met, with the newest version. */
export function hintsIn(commits: readonly Commit[]): readonly Hint[] {
  const hints = new Map<string, Hint>();
  for (const commit of commits) {
    const hint = hintIn(commit);
    if (hint) hints.set(hint.orderId, { ...hints.get(hint.orderId), ...hint });
  }
  return [...hints.values()];
}
