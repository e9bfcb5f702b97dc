import type { Parked } from '../../platform/consumer/port.ts';
import type { Redriven } from '../../platform/consumer/stream-consumer.ts';
import type { Swept } from '../../platform/consumer/sweep.ts';
import type { StreamHead } from '../../platform/event-store/port.ts';
import type { BreachRecord, Settlement } from '../../platform/surveillance/port.ts';
import type { Watch } from '../../platform/surveillance/watch.ts';
import type { Rebuilt } from '../../platform/views/rebuild.ts';

/** What the process can be asked to do, and what it answers. Data only, and little of it: commits stay on the disk. */
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
    /** Names the answer to it; given once to each process. */
    readonly id: number;
    readonly call: Name;
    readonly given: Calls[Name]['given'];
  };
}[CallName];

/** What the process is begun with: the first message. */
export interface Begin {
  readonly ask: 'begin';
  readonly folder: string;
  /** Absent: surveillance is not kept. */
  readonly watch?: Watch;
}

/** What nobody waits for an answer to. */
export type Note =
  /** What surveillance is to watch from the next commit on. */
  | { readonly ask: 'watch'; readonly watch: Watch }
  /** There are commits up to this sequence. `isWaitedFor`: somebody waits for it, so without lingering. */
  | { readonly ask: 'reach'; readonly sequence: string; readonly isWaitedFor: boolean };

/** To the process. */
export type Asked = Begin | Call | Note;

/** An error without its class, which does not go from process to process. */
export interface ToldError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

export type Reply =
  | { readonly answer: unknown }
  | { readonly error: ToldError; readonly isRetryable: boolean };

/** News of the views. */
export type Told =
  /** Everything up to here is in the views; these accounts have new entries in their feeds. */
  | { readonly tell: 'position'; readonly position: string; readonly accounts: readonly string[] }
  | { readonly tell: 'parked'; readonly consumer: string; readonly parked: Parked }
  | { readonly tell: 'failure'; readonly error: ToldError };

/** From the process. */
export type Said =
  | Told
  | { readonly tell: 'reply'; readonly id: number; readonly reply: Reply }
  /** Nothing, every `aliveEveryMs`: whoever is silent for longer stands still. */
  | { readonly tell: 'alive' }
  /** Why it ends itself now. */
  | { readonly tell: 'dying'; readonly error: ToldError };

export const aliveEveryMs = 5_000;

export function toldError(error: unknown): ToldError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, stack } = error;
  return { name, message, ...(stack !== undefined && { stack }) };
}

export function errorOf({ name, message, stack }: ToldError): Error {
  return Object.assign(new Error(message), { name, ...(stack !== undefined && { stack }) });
}
