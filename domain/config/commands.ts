import type { Json } from '../values/json.ts';

/** Where a config came from. `file`: somebody edited it by hand, nobody knows who. */
export type ConfigOrigin = 'seed' | 'api' | 'file' | 'appconfig';
export const configOrigins: readonly ConfigOrigin[] = ['seed', 'api', 'file', 'appconfig'];

/** One thing that is wrong with a document, and where: `instruments.3.tickSize`. */
export interface ConfigIssue {
  readonly path: string;
  readonly message: string;
}

/** Who wants a change and why, where somebody said so. */
export interface Attribution {
  readonly by?: string;
  readonly reason?: string;
}

/**
 * Puts a checked document in force. `version`: the name that follows from its content. `base`: the version it was made from, which
 * has to be in force still.
 */
export interface ChangeConfig extends Attribution {
  readonly do: 'change';
  readonly version: string;
  readonly document: Json;
  readonly origin: ConfigOrigin;
  readonly base?: string;
  readonly approvalId?: string;
}

/** A document that cannot be used is put on record. `content`: names it, so that the same one is not recorded again and again. */
export interface RefuseConfig extends Attribution {
  readonly do: 'refuse';
  readonly origin: ConfigOrigin;
  readonly content?: string;
  readonly issues: readonly ConfigIssue[];
}

export type ConfigCommand = ChangeConfig | RefuseConfig;
