import type { Alpaca } from '@alpacahq/alpaca-trade-api';
import type { Json } from '../../domain/values/json.ts';
import { type Answer, type Ask, askAt, type Key } from '../support/ask.ts';
import { facade } from './official-client.ts';
import { eventually } from '../support/eventually.ts';

/** A running cell as whoever uses it sees it: an address, and a key to begin with. */
export interface Target {
  readonly cell: string;
  readonly address: string;
  /** Where its WebSocket `/stream` is. */
  readonly stream: string;
  readonly administrator: Key;
  /** A client of another cell, and where that one is. */
  readonly elsewhere: Elsewhere;
  /** How long what is not at once may take: on one machine moments, in the cloud a round of a schedule. */
  readonly patienceMs: number;
  /** A JSON Merge Patch of the config, brought into force as this kind of cell takes one. */
  changeConfig(changes: Json): Promise<void>;
}

export interface Elsewhere {
  readonly cell: string;
  readonly address: string;
  readonly key: Key;
  /** Whether somebody is at the address. */
  readonly answers: boolean;
}

export interface Account {
  readonly id: string;
  readonly key: Key;
  readonly trading: Alpaca['trading'];
}

type At = Pick<Target, 'address' | 'administrator'>;

/** Asks with the administrator's key, or another one. What is not a success throws. */
export async function operate(
  { address, administrator }: At,
  route: string,
  ask: Ask = {},
  key: Key = administrator,
): Promise<Answer> {
  const answer = await askAt(address, key, route, ask);
  if (answer.status < 300) return answer;
  throw new Error(`${route} is answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

const byName = (name: string) => ({ 'idempotency-key': name });

/** An account with cash and shares in it, and its client. Under a name, so that a repeat after a lost answer makes no other one. */
export async function openAccount(
  at: At,
  name: string,
  funds: readonly Readonly<Record<string, string>>[],
): Promise<Account> {
  const opened = await operate(at, 'POST /v1/accounts', { body: { currency: 'USD' }, headers: byName(name) });
  const id = String(opened.body['id']);
  for (const [index, fund] of funds.entries())
    await operate(at, `POST /v1/accounts/${id}/transfers`, {
      body: { direction: 'INCOMING', ...fund },
      headers: byName(`${name}-${index}`),
    });
  const { body } = await operate(at, 'POST /v1/keys', { body: { role: 'client', account_id: id } });
  const key = { keyId: String(body['id']), secret: String(body['secret']) };
  return { id, key, trading: facade(at, key).trading };
}

/** Tries again until it holds, within what the target takes. */
export async function within<Value>({ patienceMs }: Target, holds: () => Promise<Value>): Promise<Value> {
  return eventually(holds, { patienceMs, everyMs: 100 });
}
