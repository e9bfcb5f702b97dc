import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { CellOptions } from '../../local/cell.ts';
import { demoAccountId } from '../../local/demo.ts';
import { readSeed } from '../../local/seed.ts';
import { unhurried } from '../../platform/deadline/deadline.ts';
import { reconcile } from '../../platform/ledger/reconcile.ts';
import { configWith, startTestCell, type TestCell } from '../support/cell.ts';
import { SettableClock } from '../support/settable-clock.ts';

const { providers } = readSeed().demo.market;
const accounts = providers.map(({ name }) => demoAccountId(name));
let cell: TestCell | undefined;

afterEach(async () => {
  await cell?.stop();
  cell = undefined;
});

async function openDemo(options: Partial<CellOptions> = {}): Promise<TestCell> {
  cell = await startTestCell({ venue: 'internal', demoMarket: true, ...options });
  await cell.cell.market?.drained();
  return cell;
}

async function quotes(open: TestCell) {
  await open.cell.market?.drained();
  await open.cell.views.drained();
  const { views } = open.cell.dependencies;
  const query = { status: 'open', limit: 500, direction: 'asc' } as const;
  const lists = accounts.map(async (accountId) => views.orders({ ...query, accountId }, unhurried));
  return (await Promise.all(lists)).flat();
}

test('a newcomer’s first market order is filled, of every instrument, either way', async () => {
  const open = await openDemo();
  for (const { symbol } of open.cell.dependencies.config.current().config.document.instruments) {
    for (const side of ['buy', 'sell']) {
      const order = { symbol, side, type: 'market', limit_price: undefined, qty: '5' };
      const { body } = await open.place(order);
      await open.cell.market?.drained();
      const path = `GET /v2/orders/${String(body['id'])}`;
      expect((await open.ask(open.key('first'), path)).body).toMatchObject({
        symbol,
        side,
        status: 'filled',
      });
    }
  }
  expect(await reconcile(open.cell.dependencies.store)).toMatchObject({ findings: [] });
});

test('each provider has one bid and one ask in every instrument, and every order says that it is simulated', async () => {
  const standing = await quotes(await openDemo());
  expect(standing).toHaveLength(providers.length * 10 * 2);
  expect(new Set(standing.map(({ strategyId }) => strategyId))).toEqual(new Set(['simulated-liquidity']));
});

test('out of hours only what trades around the clock is quoted', async () => {
  const standing = await quotes(await openDemo({ clock: new SettableClock('2026-11-22T15:00:00Z') }));
  expect([...new Set(standing.map(({ symbol }) => symbol))].toSorted()).toEqual([
    'ALFA',
    'BRVO',
    'CHRL',
    'DLTA',
    'ECHO',
    'FXTR',
    'GOLF',
    'HOTL',
  ]);
});

test('a cell that stops leaves no quote that trades when it starts without them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ordercell-'));
  try {
    const store = { kind: 'sqlite', folder } as const;
    await (await openDemo({ store })).stop();
    expect(await quotes(await openDemo({ store, demoMarket: false }))).toEqual([]);
    await cell?.stop();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('nothing is quoted, and nothing goes on record, while the firm is stopped', async () => {
  const config = configWith({ 'switches.firm': true });
  const open = await openDemo({ config });
  expect(await quotes(open)).toEqual([]);
  const { views } = open.cell.dependencies;
  for (const accountId of accounts)
    expect(await views.orders({ accountId, status: 'all', limit: 500, direction: 'asc' }, unhurried)).toEqual(
      [],
    );
});
