/**
 * A commit as both databases hold it: flat, every member a text or a number, absent ones left out. The names are short because
 * DynamoDB bills them with every write. Stored for ever: members may be added, never renamed.
 */
export interface StoredCommit {
  readonly stream: string;
  readonly version: number;
  /** JSON text: a list of maps would cost more bytes and ten times the marshalling, and no condition looks inside. */
  readonly events: string;
  /** commitId */
  readonly id: string;
  readonly at: number;
  /** actor, see `actor-text.ts` */
  readonly by: string;
  readonly cell: string;
  /** epoch */
  readonly ep: number;
  /** commandId */
  readonly key?: string;
  /** requestHash */
  readonly req?: string;
  /** correlationId */
  readonly corr?: string;
  /** causationId */
  readonly cause?: string;
  /** traceparent, see `trace-text.ts` */
  readonly tp?: string;
  /** config */
  readonly cfg?: string;
  /** previousHash */
  readonly prev?: string;
  /** snapshot.fingerprint and snapshot.state (JSON text): both or neither */
  readonly fold?: string;
  readonly state?: string;
}

export const storedTexts = [
  'stream',
  'events',
  'id',
  'by',
  'cell',
  'key',
  'req',
  'corr',
  'cause',
  'tp',
  'cfg',
  'prev',
  'fold',
  'state',
] as const;
export const storedNumbers = ['version', 'at', 'ep'] as const;
