import { accountStream } from '../domain/account/state.ts';
import type { Grant } from '../domain/api-key/commands.ts';
import { type Contract, parseQuantity } from '../domain/instrument/instrument.ts';
import type { TransferAsset } from '../domain/transfer/asset.ts';
import { transferStream } from '../domain/transfer/state.ts';
import { accountId } from '../domain/values/ids.ts';
import { currencies, parseMoney } from '../domain/values/money.ts';
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
  for (const account of demo.accounts) await openDemoAccount(account, dependencies);
}

type DemoAccount = Demo['accounts'][number];

export async function openDemoAccount(
  { name, cash, currency }: DemoAccount,
  dependencies: Dependencies,
): Promise<void> {
  const id = accountId(demoAccountId(name));
  const command = { do: 'open', accountId: id, currency } as const;
  await dependencies.accounts.handle(accountStream(id), command, systemContext(seeder, dependencies.clock));
  await moveIn({ name, funding: `funding ${name}`, asset: currency, amount: cash }, dependencies);
}

export interface Funding {
  /** The demo account's. */
  readonly name: string;
  /** Names the transfer: the same one moves once. */
  readonly funding: string;
  /** A currency, or a symbol. */
  readonly asset: string;
  readonly amount: string;
}

/** Cash or shares out of nowhere. */
export async function moveIn(
  { name, funding, asset, amount }: Funding,
  { transfers, config, clock }: Dependencies,
): Promise<void> {
  const transferId = uuidV5(namespace, funding);
  await transfers.handle(
    transferStream(transferId),
    {
      do: 'request',
      transferId,
      accountId: accountId(demoAccountId(name)),
      direction: 'in',
      requested: { asset, amount },
      asset: assetOf(asset, amount, config.current().config.instrument(asset)?.rules.contract),
      // Play money: nobody has to be asked.
      approvalAbove: 'unlimited',
      epoch: 1,
    },
    systemContext(seeder, clock),
  );
}

function assetOf(asset: string, text: string, contract: Contract | undefined): TransferAsset | undefined {
  if (contract) {
    const quantity = parseQuantity(text, contract);
    return quantity === undefined ? undefined : { kind: 'shares', contract, quantity };
  }
  const currency = currencies.find((one) => one === asset);
  const amount = currency && parseMoney(text, currency);
  return currency && amount !== undefined ? { kind: 'cash', currency, amount } : undefined;
}
