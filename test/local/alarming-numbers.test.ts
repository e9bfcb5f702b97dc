import { expect, test } from 'vitest';
import { cashAttributes, accountItem } from '../../domain/account/holdings.ts';
import { accountId } from '../../domain/values/ids.ts';
import { hashOf } from '../../platform/event-store/codec.ts';
import type { Commit } from '../../platform/event-store/port.ts';
import { startTestCell, type TestCell } from '../support/cell.ts';
import { aCommit, anId } from '../support/commits.ts';
import { eventually } from '../support/eventually.ts';

/** A cell, and how often it has counted something by now. */
async function withCell(
  venue: 'off' | 'internal',
  look: (cell: TestCell, counted: (metric: string) => Promise<number>) => Promise<void>,
): Promise<void> {
  const cell = await startTestCell({ venue });
  const counted = async (metric: string) => {
    const text = await (await fetch(`${cell.address}/metrics`)).text();
    const [, value] = new RegExp(`^ordercell_${metric} (\\d+)$`, 'm').exec(text) ?? [];
    return Number(value ?? 0);
  };
  try {
    await look(cell, counted);
  } finally {
    await cell.stop();
  }
}

/** What nobody here has ever written. */
async function damage(cell: TestCell, stream: string): Promise<void> {
  const { store } = cell.cell.dependencies;
  const last = (await store.read(stream, 1, cell.deadline())).at(-1);
  const follows: Partial<Commit> = last ? { version: last.version + 1, previousHash: hashOf(last) } : {};
  const commit = aCommit({ stream, commitId: anId(), at: cell.clock.now(), ...follows });
  expect(await store.append([commit], [], cell.deadline())).toMatchObject({ outcome: 'appended' });
}

test('an order whose stream is damaged is put into quarantine, and counted once', async () => {
  await withCell('off', async (cell, counted) => {
    const id = String((await cell.place()).body['id']);
    expect(await counted('quarantines_total')).toBe(0);
    await damage(cell, `order-${id}`);
    const cancel = () => cell.ask(cell.key('first'), `DELETE /v2/orders/${id}`);
    expect((await cancel()).status).toBe(500);
    expect((await cancel()).status).toBe(500);
    expect([await counted('quarantines_total'), await counted('streams_quarantined')]).toEqual([1, 1]);
  });
});

test('so is a book that stands still', async () => {
  await withCell('internal', async (cell, counted) => {
    await damage(cell, 'book-ALFA');
    await cell.place();
    await eventually(async () => expect(await counted('quarantines_total')).toBe(1));
  });
});

test('differences that a reconciliation finds are counted with every one', async () => {
  await withCell('off', async (cell, counted) => {
    const reconcile = async () =>
      (await cell.ask(cell.key('administrator'), 'GET /v1/reconcile')).body['differences'];
    expect(await reconcile()).toBe(0);
    expect(await counted('reconcile_differences_total')).toBe(0);
    const account = accountItem(accountId(cell.key('first').accountId ?? ''));
    const added = { key: account, conditions: [], add: { [cashAttributes('USD').available]: 1 } };
    const { store } = cell.cell.dependencies;
    await store.append([aCommit({ stream: 'nobody-1', commitId: anId() })], [added], cell.deadline());
    expect(await reconcile()).toBe(1);
    expect(await counted('reconcile_differences_total')).toBe(1);
    await reconcile();
    expect(await counted('reconcile_differences_total')).toBe(2);
  });
});
