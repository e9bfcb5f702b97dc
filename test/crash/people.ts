import { randomUUID } from 'node:crypto';
import type { CellProcess } from '../bench/cell-process.ts';
import type { Trader } from '../bench/orders/load.ts';
import { mustAnswer } from './call.ts';
import type { People } from './clients.ts';
import type { Holder } from './memory.ts';

const fundedCents = 100_000_000;

/** Accounts with a million each, their keys, and a venue's connector. Nobody is killed meanwhile. */
export async function gather(cell: CellProcess, accounts: number): Promise<People> {
  const operator = cell.keys.find(({ role }) => role === 'administrator');
  if (!operator) throw new Error('the cell has no administrator key');
  const create = async (path: string, body: object): Promise<Readonly<Record<string, unknown>>> => {
    const call = { method: 'POST', path, as: operator, key: randomUUID(), body } as const;
    const answer = await mustAnswer(cell.address, call);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const keyFor = async (grant: object): Promise<Trader> => {
    const key = await create('/v1/keys', grant);
    return { keyId: String(key['id']), secret: String(key['secret']) };
  };
  const holders: Holder[] = [];
  for (let number = 0; number < accounts; number += 1) {
    const accountId = String((await create('/v1/accounts', {}))['id']);
    const amount = (fundedCents / 100).toFixed(2);
    await create(`/v1/accounts/${accountId}/transfers`, { direction: 'INCOMING', amount });
    const trader = await keyFor({ role: 'client', account_id: accountId });
    holders.push({ accountId, trader, transferred: fundedCents });
  }
  const connector = await keyFor({ role: 'venue', venue_id: 'XSIM', person_id: 'connector' });
  return { holders, operator, connector };
}
