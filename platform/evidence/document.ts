/**
 * The evidence of one order as a file: everything the log says about it, in a form that can be checked without us. The format is
 * described in docs/evidence.md, for whoever writes a checker of their own. Members may be added; a changed meaning is a new version.
 */
export interface Evidence {
  readonly format: typeof evidenceFormat;
  readonly format_version: typeof evidenceVersion;
  readonly order: OrderEvidence;
  readonly cell: string;
  readonly exported_at: string;
  /** The person and the key that asked for the file. */
  readonly exported_by: { readonly person_id: string; readonly api_key_id: string };
  readonly streams: readonly StreamEvidence[];
  readonly configs: readonly ConfigEvidence[];
  readonly config_changes: readonly ConfigChangeEvidence[];
  readonly actors: readonly ActorEvidence[];
  readonly manifest: Manifest;
}

export const evidenceFormat = 'ordercell-evidence';
export const evidenceVersion = 1;

/** What the product says the order came to, to be compared with what its events add up to. */
export interface OrderEvidence {
  readonly order_id: string;
  readonly account_id: string;
  readonly status: string;
  /** Lots, ticks times lots, and minor units. */
  readonly filled_lots: number;
  readonly notional: number;
  readonly traded: number;
  readonly fees: number;
  readonly held_cash: number;
  readonly held_shares: number;
}

/**
 * `whole`: every version there is. `beginning`: version 1 up to some version. `part`: only the versions that are pointed to.
 */
export interface StreamEvidence {
  readonly stream: string;
  readonly extent: 'whole' | 'beginning' | 'part';
  readonly commits: readonly CommitEvidence[];
}

/** `text` is what was hashed, character by character; `hash` its SHA-256 in base64url. */
export interface CommitEvidence {
  readonly version: number;
  readonly hash: string;
  readonly text: string;
}

/** The version is the first 12 characters of the SHA-256, in base64url, of `text`, the document as canonical JSON. */
export interface ConfigEvidence {
  readonly version: string;
  readonly text: string;
}

/** How one config differs from the one that the order's decisions were made under before: an RFC 6902 JSON Patch. */
export interface ConfigChangeEvidence {
  readonly from: string;
  readonly to: string;
  readonly patch: readonly unknown[];
}

/** Somebody who caused a commit of the file; `key` is what the cell knows of the key they used. */
export interface ActorEvidence {
  readonly kind: string;
  readonly id: string;
  readonly api_key_id: string | null;
  readonly proof: string | null;
  readonly key: KeyEvidence | null;
}

export interface KeyEvidence {
  readonly role: string;
  readonly person_id: string;
  readonly issued_by: string;
  readonly issued_at: string;
  readonly revoked_at: string | null;
}

export interface Manifest {
  readonly streams: readonly HeadEvidence[];
  readonly commits: number;
  readonly configs: readonly string[];
  readonly actors: number;
  /** SHA-256 in base64url of every other member of the file, as canonical JSON, by name: says which one was touched. */
  readonly members: Readonly<Record<string, string>>;
  /** SHA-256 in base64url of the whole file as canonical JSON, without this member. */
  readonly digest: string;
}

/** Where a stream of the file ends. */
export interface HeadEvidence {
  readonly stream: string;
  readonly commits: number;
  readonly version: number;
  readonly hash: string;
}
