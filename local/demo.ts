import { accountStream } from '../domain/account/state.ts';
import type { Grant } from '../domain/api-key/commands.ts';
import { transferStream } from '../domain/transfer/state.ts';
import { accountId } from '../domain/values/ids.ts';
import { parseMoney } from '../domain/values/money.ts';
import type { Dependencies } from '../functions/dependencies.ts';
import { uuidV5 } from '../platform/ids/uuid.ts';
import type { Demo } from './seed.ts';
import { systemContext } from './system-context.ts';

/** Namespace of the demo's ids: two starts on the same store mean the same accounts. */
const namespace = '0c4d6a0e-52f1-5d3b-8c0f-6d5f6a1e9b77';

const seeder = 'demo-seed';

export interface DemoKey {
  readonly name: string;
  readonly role: string;
  readonly accountId?: string;
  readonly keyId: string;
  readonly secret: string;
}

/** Whether the demo is in the store: decided by its last step, so that a start that broke off is a first start again. */
export async function isSeeded(demo: Demo, dependencies: Dependencies): Promise<boolean> {
  const { deadline } = systemContext(seeder, dependencies.clock);
  for (const { name } of demo.accounts) {
    const { state } = await dependencies.accounts.load(accountStream(demoAccountId(name)), deadline);
    if (state.kind !== 'account') return false;
  }
  return true;
}

export function demoAccountId(name: string): string {
  return uuidV5(namespace, `account ${name}`);
}

/** New keys for the demo accounts and the administrator. Their secrets are only here. */
export async function issueDemoKeys(demo: Demo, dependencies: Dependencies): Promise<readonly DemoKey[]> {
  const issue = async (name: string, grant: Grant): Promise<DemoKey> => {
    const context = systemContext(seeder, dependencies.clock);
    const key = await dependencies.keys.issue({ grant, personId: name, issuedBy: seeder }, context);
    const owner = grant.role === 'client' ? { accountId: grant.accountId } : {};
    return { name, role: grant.role, ...owner, ...key };
  };
  const keys: DemoKey[] = [];
  for (const { name } of demo.accounts) {
    keys.push(await issue(name, { role: 'client', accountId: accountId(demoAccountId(name)) }));
  }
  keys.push(await issue('administrator', { role: 'administrator' }));
  return keys;
}

/** Opens and funds the demo accounts. Each step is known by its id: doing it again does nothing. */
export async function openDemoAccounts(demo: Demo, dependencies: Dependencies): Promise<void> {
  for (const { name, cash, currency } of demo.accounts) {
    const id = accountId(demoAccountId(name));
    const context = () => systemContext(seeder, dependencies.clock);
    await dependencies.accounts.handle(accountStream(id), { do: 'open', accountId: id, currency }, context());
    const transferId = uuidV5(namespace, `funding ${name}`);
    const amount = parseMoney(cash, currency);
    await dependencies.transfers.handle(
      transferStream(transferId),
      {
        do: 'request',
        transferId,
        accountId: id,
        direction: 'in',
        requested: { asset: currency, amount: cash },
        asset: amount === undefined ? undefined : { kind: 'cash', currency, amount },
        // Play money: nobody has to be asked.
        approvalAbove: 'unlimited',
        epoch: 1,
      },
      context(),
    );
  }
}
