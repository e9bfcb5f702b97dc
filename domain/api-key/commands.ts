import type { AccountId } from '../values/ids.ts';

/**
 * What a key may do. `client` trades for one account; `venue` reports for one venue; `auditor` reads only; `administrator`
 * makes accounts and keys. Trading keys get nothing of the administration.
 */
export type Grant =
  | { readonly role: 'client'; readonly accountId: AccountId }
  | { readonly role: 'venue'; readonly venueId: string }
  | { readonly role: 'operator' | 'risk' | 'auditor' | 'administrator' };

export type Role = Grant['role'];
export const roles: readonly Role[] = ['client', 'venue', 'operator', 'risk', 'auditor', 'administrator'];

/** `personId`: whose key it is, opaque; two keys of one person are not two persons. `secretHash`: never the secret. */
export interface IssueKey {
  readonly do: 'issue';
  readonly keyId: string;
  readonly secretHash: string;
  readonly grant: Grant;
  readonly personId: string;
  readonly issuedBy: string;
}

export interface RevokeKey {
  readonly do: 'revoke';
  readonly revokedBy: string;
  /** The key of another administrator, which has to be in force still when this one is revoked: somebody must administer the cell. */
  readonly keeping?: string;
  /** Whether that one was found revoked by the write. */
  readonly isKeptRevoked?: boolean;
}

export type KeyCommand = IssueKey | RevokeKey;
