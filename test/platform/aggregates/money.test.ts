import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accountStream } from '../../../domain/account/state.ts';
import { transferStream } from '../../../domain/transfer/state.ts';
import { accountId as toAccountId } from '../../../domain/values/ids.ts';
import { money } from '../../../domain/values/money.ts';
import { quantity } from '../../../domain/values/quantity.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import type { EventStore } from '../../../platform/event-store/port.ts';
import { SqliteEventStore } from '../../../platform/event-store/sqlite.ts';
import { reconcile } from '../../../platform/ledger/reconcile.ts';
import { Desk, newName } from '../../support/desk.ts';
import { accept, contract, execution, replace } from '../../support/order.ts';

const dollars = (cents: number) => ({ kind: 'cash', currency: 'USD', amount: money(cents) }) as const;
const shares = (lots: number) => ({ kind: 'shares', contract, quantity: quantity(lots) }) as const;

interface Opened {
  readonly store: EventStore;
  readonly remove: () => void;
}

function inMemory(): Opened {
  return { store: new MemoryEventStore(), remove: () => undefined };
}

function inSqlite(): Opened {
  const folder = mkdtempSync(join(tmpdir(), 'money-test-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return { store: new SqliteEventStore(folder), remove };
}

describe.each([
  ['memory', inMemory],
  ['SQLite', inSqlite],
] as const)('money in %s', (_name, open) => {
  let store: EventStore;
  let remove: () => void;
  let desk: Desk;

  beforeEach(() => {
    ({ store, remove } = open());
    desk = new Desk(store);
  });

  /** Whatever a test did, the books agree and nothing impossible happened. */
  afterEach(async () => {
    expect(await reconcile(store)).toMatchObject({ findings: [], unsettled: [] });
    expect(desk.quarantined).toEqual([]);
    await store.close();
    remove();
  });

  const change = (accountId: string, command: Parameters<typeof desk.accounts.handle>[1]) =>
    desk.accounts.handle(accountStream(accountId), command, desk.context());

  test('a halt is in force with the next order, and so is its end', async () => {
    const accountId = await desk.account(1_000_000);
    await desk.halt(accountId);
    const denied = await desk.place(accountId);
    expect(denied.outcome.state).toMatchObject({ kind: 'denied', denial: { reason: 'account_halted' } });
    await change(accountId, { do: 'lift-halt', approvalId: 'approval-1' });
    expect((await desk.place(accountId)).outcome.state).toMatchObject({ kind: 'order' });
  });

  test('a halt does not stop what the venue says', async () => {
    const accountId = await desk.account(1_000_000);
    const { orderId } = await desk.place(accountId);
    await desk.halt(accountId);
    await desk.report(orderId, execution(newName('e'), 10));
    expect(await desk.position(accountId)).toMatchObject({ available: 10, exposure: 10 });
  });

  test('an account that owes may reduce only, until it has paid and somebody lets it', async () => {
    const accountId = await desk.account(100_000);
    const { orderId } = await desk.place(accountId);
    await desk.report(orderId, execution(newName('e'), 11));
    const owing = await desk.place(accountId, { quantity: '1' });
    expect(owing.outcome.state).toMatchObject({ denial: { reason: 'account_reduce_only' } });
    const lift = { do: 'lift-restriction', restrictions: 1, symbols: [] } as const;
    const early = await change(accountId, lift);
    expect(early).toMatchObject({
      events: [{ data: { reason: 'account_short', limit: '0.00 USD', observed: '100.00 USD' } }],
    });
    await desk.move(accountId, 'in', dollars(20_000));
    expect(await desk.cash(accountId)).toEqual([10_000, 0]);
    await change(accountId, lift);
    expect((await desk.place(accountId, { quantity: '1' })).outcome.state).toMatchObject({ kind: 'order' });
  });

  test('an account is closed when it is halted and empty', async () => {
    const accountId = await desk.account(5_000, 3);
    const close = (halt: number) => change(accountId, { do: 'close', halt, symbols: ['ACME'] });
    await desk.halt(accountId);
    expect(await close(1)).toMatchObject({ events: [{ data: { reason: 'account_not_empty' } }] });
    await change(accountId, { do: 'lift-halt' });
    await desk.move(accountId, 'out', shares(3));
    await desk.halt(accountId);
    expect(await close(2)).toMatchObject({
      events: [{ data: { reason: 'account_not_empty', observed: '50.00 available_USD' } }],
    });
    await change(accountId, { do: 'lift-halt' });
    await desk.move(accountId, 'out', dollars(5_000));
    await desk.halt(accountId);
    expect(await close(3)).toMatchObject({ events: [{ type: 'AccountClosed' }] });
    expect((await desk.place(accountId)).outcome.state).toMatchObject({
      denial: { reason: 'account_closed' },
    });
    const { outcome } = await desk.move(accountId, 'in', dollars(1));
    expect(outcome.state).toMatchObject({ denial: { reason: 'account_closed' } });
  });

  test('one key moves money once, and cannot be used for another transfer', async () => {
    const accountId = await desk.account();
    const transferId = newName('transfer');
    const request = (requestHash: string, amount: number) =>
      desk.transfers.handle(
        transferStream(transferId),
        {
          do: 'request',
          transferId,
          accountId: toAccountId(accountId),
          direction: 'in',
          requested: { asset: 'USD', amount: '1' },
          asset: dollars(amount),
          approvalAbove: 'unlimited',
          epoch: 1,
        },
        desk.context({ key: { commandId: 'k-1', requestHash }, expectNew: true }),
      );
    const outcomes = [await request('a', 700), await request('a', 700), await request('b', 800)];
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['committed', 'replayed', 'key-reused']);
    expect(await desk.cash(accountId)).toEqual([700, 0]);
  });

  test('withdrawals at once take no more than there is', async () => {
    const accountId = await desk.account(1_000, 10);
    const desks = [desk, new Desk(store), new Desk(store)];
    const moved = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        (desks[index % 3] ?? desk).move(accountId, 'out', index % 2 === 0 ? dollars(300) : shares(3)),
      ),
    );
    const kinds = moved.map(({ outcome }) => outcome.state.kind);
    expect(kinds.filter((kind) => kind === 'transfer')).toHaveLength(6);
    expect(await desk.cash(accountId)).toEqual([100, 0]);
    expect(await desk.position(accountId)).toMatchObject({ available: 1 });
  });

  test('deposits at once pay what is owed once', async () => {
    const accountId = await desk.account(100_000);
    const { orderId } = await desk.place(accountId);
    await desk.report(orderId, execution(newName('e'), 12));
    await Promise.all(Array.from({ length: 8 }, () => new Desk(store).move(accountId, 'in', dollars(3_000))));
    expect(await desk.item(accountId)).toMatchObject({ shortfall_USD: 0, available_USD: 4_000 });
  });

  test('what waits for approval is held, and goes out or back once', async () => {
    const accountId = await desk.account(10_000);
    const { transferId, outcome } = await desk.move(accountId, 'out', dollars(6_000), 5_000);
    expect(outcome.state).toMatchObject({ kind: 'transfer', status: 'pending' });
    expect(await desk.cash(accountId)).toEqual([4_000, 6_000]);
    const complete = () =>
      desk.transfers.handle(
        transferStream(transferId),
        { do: 'complete', approvalId: 'approval-1' },
        desk.context(),
      );
    expect((await complete()).outcome).toBe('committed');
    expect((await complete()).outcome).toBe('unchanged');
    expect(await desk.cash(accountId)).toEqual([4_000, 0]);
  });

  test('an approved transfer that meets a halt goes back', async () => {
    const accountId = await desk.account(10_000);
    const { transferId } = await desk.move(accountId, 'out', dollars(6_000), 5_000);
    await desk.halt(accountId);
    const command = { do: 'complete', approvalId: 'approval-1' } as const;
    const { state } = await desk.transfers.handle(transferStream(transferId), command, desk.context());
    expect(state).toMatchObject({ status: 'canceled' });
    expect(await desk.cash(accountId)).toEqual([10_000, 0]);
  });

  test('a replace to an id that is taken is refused, and takes nothing', async () => {
    const accountId = await desk.account(10_000_000);
    const [one, other] = [await desk.place(accountId), await desk.place(accountId)];
    await desk.report(one.orderId, accept);
    const request = { ...replace(newName('r'), { quantity: '20' }), replacementId: other.orderId };
    expect(await desk.command(one.orderId, request)).toMatchObject({
      events: [{ type: 'ReplaceRejected', data: { reason: 'client_order_id_taken' } }],
    });
    expect(await desk.cash(accountId)).toEqual([9_800_000, 200_000]);
  });
});
