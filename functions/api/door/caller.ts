import type { Role } from '../../../domain/api-key/commands.ts';
import type { Actor } from '../../../platform/event-store/port.ts';
import type { Principal } from '../../../platform/keys/key-ring.ts';

/** Who is calling, once their key and secret are known to belong together. */
export type Caller = Principal;
export type TradingCaller = Extract<Caller, { readonly role: 'client' }>;
export type OperatorCaller = Exclude<Caller, { readonly role: 'client' }>;
export type OperatorRole = Exclude<Role, 'client'>;

/** Who a route is for: anybody without a key, the account's own trading keys, or operators in one of these roles. */
export type Access = 'public' | 'trading' | readonly OperatorRole[];

export function may(caller: Caller, access: Access): boolean {
  if (access === 'public') return true;
  if (caller.role === 'client') return access === 'trading';
  return access !== 'trading' && access.includes(caller.role);
}

export function isTrading(caller: Caller): caller is TradingCaller {
  return caller.role === 'client';
}

export function isOperating(caller: Caller): caller is OperatorCaller {
  return caller.role !== 'client';
}

const kinds: Readonly<Record<Role, Actor['kind']>> = {
  client: 'client',
  administrator: 'operator',
  operator: 'operator',
  risk: 'risk',
  venue: 'venue',
  auditor: 'operator',
};

export function actorOf(caller: Caller): Actor {
  const id = caller.role === 'venue' ? caller.venueId : caller.personId;
  return { kind: kinds[caller.role], id, apiKeyId: caller.keyId, proof: 'api-key' };
}
