/** A cell's own secret, from which others are derived. It never leaves the process, and is in no log, event or error. */
export interface MasterSecret {
  /** Names it and says nothing of it: what was derived from another one cannot be derived again. */
  readonly fingerprint: string;
  /** 32 bytes for one purpose and one name: always the same, and saying nothing of any other. */
  derive(purpose: string, name: string): Buffer;
}
