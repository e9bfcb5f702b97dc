import type { Timestamp } from '../../domain/values/time.ts';
import type { Written } from '../consumer/port.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { DeliveryLine } from './line.ts';

export const deliveryStatuses = ['delivered', 'retrying', 'parked'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/**
 * Why a try failed, as its owner is told: classes coarse enough that nobody can map a network with our tries. That a name leads to a
 * forbidden address is `unreachable` like every other.
 */
export const deliveryFaults = [
  'unreachable',
  'timed_out',
  'redirected',
  'refused',
  'failed',
  'answer_too_large',
] as const;
export type DeliveryFault = (typeof deliveryFaults)[number];

/** What became of one number of the feed at one webhook. */
export interface DeliveryRecord {
  readonly webhookId: string;
  readonly number: number;
  readonly event: string;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  /** Of the latest try, where that failed. */
  readonly fault?: DeliveryFault;
  /** The answer's, where there was one. */
  readonly answered?: number;
  readonly at: Timestamp;
  /** Only of what is `retrying`. */
  readonly nextAt?: Timestamp;
}

/** Records are kept of so many of the newest numbers; of what is parked, of more. Older ones can still be asked for. */
export const recordsKept = 500;
export const parkedKept = 10_000;
/** They are taken out with every so manieth write of a line. */
export const pruneEvery = 64;

export interface RecordsQuery {
  readonly status?: DeliveryStatus;
  /** Numbers below this one. */
  readonly before?: number;
  /** 1 to 500. */
  readonly limit: number;
}

/** Where deliveries have got, and what became of them. */
export interface DeliveryStore {
  /** Undefined before the first write. */
  line(webhookId: string, deadline: Deadline): Promise<DeliveryLine | undefined>;
  /**
   * Writes the line under the condition that the stored one is still at `line.revision`, and the records with it, as one; the stored
   * revision is then one more. `conflict` has written nothing.
   */
  advance(line: DeliveryLine, records: readonly DeliveryRecord[], deadline: Deadline): Promise<Written>;
  record(webhookId: string, number: number, deadline: Deadline): Promise<DeliveryRecord | undefined>;
  /** The newest first, by number. */
  records(webhookId: string, query: RecordsQuery, deadline: Deadline): Promise<readonly DeliveryRecord[]>;
  /** What is parked, of every webhook, at most `limit` of them. */
  parked(limit: number, deadline: Deadline): Promise<readonly DeliveryRecord[]>;
  /** Takes out everything of a webhook that is no more. */
  forget(webhookId: string, deadline: Deadline): Promise<void>;
}
