import { randomUUID } from 'node:crypto';
import type { CellProcess } from '../cell-process.ts';
import type { Trader } from './load.ts';

const callMaxMs = 10_000;

/** Opens accounts with a million each and a trading key each, through the API, as the administrator. */
export async function openTraders(cell: CellProcess, count: number): Promise<readonly Trader[]> {
  const administrator = cell.keys.find(({ role }) => role === 'administrator');
  if (!administrator) throw new Error('the cell has no administrator key');
  const traders: Trader[] = [];
  for (let number = 0; number < count; number += 1) {
    const account = await post(cell, administrator, '/v1/accounts', {});
    const id = String(account['id']);
    await post(cell, administrator, `/v1/accounts/${id}/transfers`, {
      direction: 'INCOMING',
      amount: '1000000.00',
    });
    const key = await post(cell, administrator, '/v1/keys', { role: 'client', account_id: id });
    traders.push({ keyId: String(key['key_id'] ?? key['id']), secret: String(key['secret']) });
  }
  return traders;
}

async function post(
  { address }: CellProcess,
  { keyId, secret }: Trader,
  path: string,
  body: object,
): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(address + path, {
    method: 'POST',
    signal: AbortSignal.timeout(callMaxMs),
    headers: {
      'apca-api-key-id': keyId,
      'apca-api-secret-key': secret,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  return Object(JSON.parse(text));
}
