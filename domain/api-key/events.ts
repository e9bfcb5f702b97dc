import type { DomainEvent } from '../decider.ts';
import type { IssueKey } from './commands.ts';

export type KeyIssued = DomainEvent<'KeyIssued', Omit<IssueKey, 'do'>>;
export type KeyRevoked = DomainEvent<'KeyRevoked', { readonly revokedBy: string }>;

export type KeyEvent = KeyIssued | KeyRevoked;
