import type { Deadline } from '../deadline/deadline.ts';

/** A key of a cell's own, from which other secrets are derived. It never leaves the process, and is in no log, event or error. */
export interface MasterSecret {
  /** Names it and says nothing of it: what was derived from another one cannot be derived again. */
  readonly fingerprint: string;
  /** 32 bytes for one purpose and one name: always the same, and saying nothing of any other. */
  derive(purpose: string, name: string): Buffer;
}

/**
 * The master secrets a cell has and had. The newest derives what is new; the others go on deriving what was derived from them, so
 * adding one breaks nothing.
 */
export interface SecretRing {
  /** As it was a minute ago at most. Throws what reading it throws. */
  newest(deadline: Deadline): Promise<MasterSecret>;
  /** Undefined: the ring was read since this name came up, and has none of it. Throws what reading it throws. */
  named(fingerprint: string, deadline: Deadline): Promise<MasterSecret | undefined>;
}
