import type { MessagePort } from 'node:worker_threads';
import type { Parked } from '../../platform/consumer/port.ts';
import type { Redriven } from '../../platform/consumer/stream-consumer.ts';
import type { Swept } from '../../platform/consumer/sweep.ts';
import type { StreamHead } from '../../platform/event-store/port.ts';
import type { BreachRecord, Settlement } from '../../platform/surveillance/port.ts';
import type { Watch } from '../../platform/surveillance/watch.ts';
import type { Rebuilt } from '../../platform/views/rebuild.ts';

/** What the thread can be asked to do, and what it answers. Data only: functions do not go from thread to thread. */
export interface Calls {
  readonly start: { readonly given: null; readonly answer: null };
  readonly stop: { readonly given: null; readonly answer: null };
  readonly drained: { readonly given: null; readonly answer: null };
  readonly rebuild: { readonly given: null; readonly answer: Rebuilt };
  readonly sweep: { readonly given: null; readonly answer: Swept };
  /** Of one consumer. */
  readonly parked: { readonly given: string; readonly answer: readonly Parked[] };
  readonly redrive: { readonly given: string; readonly answer: Redriven };
  /** What was done about a breach. */
  readonly conclude: {
    readonly given: { readonly breach: BreachRecord; readonly settlement: Settlement };
    readonly answer: null;
  };
  readonly sweepHeads: {
    readonly given: { readonly consumer: string; readonly heads: readonly StreamHead[] };
    readonly answer: Swept;
  };
}
export type CallName = keyof Calls;

export type Call = {
  readonly [Name in CallName]: {
    readonly ask: 'call';
    readonly call: Name;
    readonly given: Calls[Name]['given'];
    /** Where the answer goes. */
    readonly reply: MessagePort;
  };
}[CallName];

/** To the thread. */
export type Asked =
  | Call
  /** What surveillance is to watch from the next commit on. */
  | { readonly ask: 'watch'; readonly watch: Watch }
  /** There are commits up to this sequence. `isWaitedFor`: somebody waits for it, so without lingering. */
  | { readonly ask: 'reach'; readonly sequence: string; readonly isWaitedFor: boolean };

export type Reply<Answer> =
  | { readonly answer: Answer }
  | { readonly error: string; readonly isRetryable: boolean };

/** From the thread. */
export type Told =
  /** Everything up to here is in the views; these accounts have new entries in their feeds. */
  | { readonly tell: 'position'; readonly position: string; readonly accounts: readonly string[] }
  | { readonly tell: 'parked'; readonly consumer: string; readonly parked: Parked }
  | { readonly tell: 'failure'; readonly error: Error };
