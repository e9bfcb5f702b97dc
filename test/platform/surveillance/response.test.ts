import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Dependencies } from '../../../functions/dependencies.ts';
import { strategiesMax } from '../../../domain/kill-switch/state.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import type { BreachBook, BreachRecord, Settlement } from '../../../platform/surveillance/port.ts';
import { BreachResponse } from '../../../platform/surveillance/response.ts';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { Desk } from '../../functions/api/desk.ts';

let cell: TestCell;
let desk: Desk;
let parts: Dependencies;

beforeEach(async () => {
  cell = await startTestCell();
  desk = new Desk(cell);
  parts = cell.cell.dependencies;
});
afterEach(() => cell.stop());

const soon = () => deadlineIn(10_000, parts.clock);

function breach(change: Partial<BreachRecord> = {}): BreachRecord {
  return {
    breachId: 'breach-1',
    accountId: desk.accountId,
    watched: 'message_rate',
    level: 'hard',
    limit: '5',
    observed: '6',
    config: parts.config.current().version,
    stream: 'order-1',
    commitVersion: 1,
    at: parts.clock.now(),
    ...change,
  };
}

/** One breach, and what was said of it. */
class OneBreach implements BreachBook {
  readonly breach: BreachRecord;
  settlement: Settlement | undefined;

  constructor(change: Partial<BreachRecord> = {}) {
    this.breach = breach(change);
  }

  figures = async () => [];
  breaches = async () => [this.breach];
  pending = async () => (this.settlement ? [] : [this.breach]);
  conclude = async (_breach: BreachRecord, settlement: Settlement) => {
    this.settlement ??= settlement;
  };
}

/** Another process each time: it remembers nothing. */
const response = (surveillance: BreachBook, others: Partial<Dependencies> = {}) =>
  new BreachResponse({ ...parts, ...others, surveillance, settledMs: 0 });

async function finished(book: OneBreach): Promise<Settlement['outcome'] | undefined> {
  const process = response(book);
  for (let pass = 0; pass < 5 && !book.settlement; pass += 1) await process.pass(soon());
  return book.settlement?.outcome;
}

async function ofAccount(type: string): Promise<number> {
  const commits = await parts.store.read(`account-${desk.accountId}`, 1, soon());
  return commits.filter(({ events }) => events[0].type === type).length;
}

async function placed(): Promise<string> {
  const { body } = await cell.place({ qty: '1', limit_price: '90' });
  return String(body['id']);
}

async function cancelsOf(id: string): Promise<number> {
  const commits = await parts.store.read(`order-${id}`, 1, soon());
  return commits.filter(({ events }) => events[0].type === 'CancelRequested').length;
}

describe('a process that dies', () => {
  test('between halt and cancels leaves the cancels to the next one', async () => {
    const orders = [await placed(), await placed()];
    const book = new OneBreach();
    const dying = { handle: () => Promise.reject(new Error('the process is gone')) };
    const [report] = await response(book, { orders: Object.assign(Object.create(parts.orders), dying) }).pass(
      soon(),
    );
    expect(report).toMatchObject({ failed: new Error('the process is gone') });
    expect((await cell.place()).body['reason']).toBe('account_halted');
    expect(await finished(book)).toBe('account_halted');
    expect(await Promise.all(orders.map(cancelsOf))).toEqual([1, 1]);
    expect(await ofAccount('AccountHalted')).toBe(1);
  });

  test('between the cancels and writing down that they are done has done nothing that is done twice', async () => {
    const order = await placed();
    const book = new OneBreach();
    const conclude = () => Promise.reject(new Error('the process is gone'));
    const dying = response(Object.assign(Object.create(book), { conclude }));
    for (let pass = 0; pass < 3; pass += 1) await dying.pass(soon());
    expect(book.settlement).toBeUndefined();
    expect(await finished(book)).toBe('account_halted');
    expect(await cancelsOf(order)).toBe(1);
    expect(await ofAccount('AccountHalted')).toBe(1);
  });
});

describe('a halt that people have lifted', () => {
  const lift = async () => desk.second(`POST /v1/approvals/${await desk.askToLift()}/approve`);

  test('is not imposed again by the same breach', async () => {
    const book = new OneBreach();
    await finished(book);
    await lift();
    book.settlement = undefined;
    expect(await finished(book)).toBe('account_halted');
    expect((await cell.place()).status).toBe(200);
    expect(await ofAccount('AccountHalted')).toBe(1);
  });

  test('is not imposed again by another breach from before the lift, whatever anybody remembers', async () => {
    const before = new OneBreach({ breachId: 'breach-2' });
    await finished(new OneBreach());
    await lift();
    expect(await finished(before)).toBe('looked_at');
    expect((await cell.place()).status).toBe(200);
  });

  test('is imposed again by what happens after it', async () => {
    await finished(new OneBreach());
    await lift();
    expect(await finished(new OneBreach({ breachId: 'breach-2' }))).toBe('account_halted');
    expect(await ofAccount('AccountHalted')).toBe(2);
  });
});

test('an account that somebody halted before keeps nothing working either', async () => {
  const order = await placed();
  await desk.halt();
  expect(await finished(new OneBreach())).toBe('already_halted');
  expect(await cancelsOf(order)).toBe(1);
});

test('one breach that cannot be acted on keeps no other waiting', async () => {
  const soft = breach({ breachId: 'breach-2', level: 'soft' });
  const book = new OneBreach({ accountId: 'nobody' });
  const concluded: string[] = [];
  const both: BreachBook = Object.assign(Object.create(book), {
    pending: async () => [book.breach, soft],
    conclude: async ({ breachId }: BreachRecord) => concluded.push(breachId),
  });
  const failing = { handle: () => Promise.reject(new Error('no')) };
  await response(both, { accounts: Object.assign(Object.create(parts.accounts), failing) }).pass(soon());
  expect(concluded).toEqual(['breach-2']);
});

test('where no more strategies can be stopped, the account is halted', async () => {
  const context = { actor: { kind: 'risk', id: 'surveillance' }, deadline: soon() } as const;
  for (let stopped = 0; stopped < strategiesMax; stopped += 1) {
    const scope = { of: 'strategy', accountId: 'another', strategyId: `s${stopped}` } as const;
    await parts.killSwitch.change(
      { do: 'throw', scope, allowReducing: false, reason: 'a test', by: 'surveillance' },
      context,
    );
  }
  const book = new OneBreach({ watched: 'repeated_executions', strategyId: 'grid' });
  expect(await finished(book)).toBe('account_halted');
});
