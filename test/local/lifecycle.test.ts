import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { FixReport } from '../../domain/order/fix-reports.ts';
import { readLines } from '../../local/lifecycle/input.ts';
import { Lifecycle } from '../../local/lifecycle/lifecycle.ts';

type Input = Readonly<Record<string, unknown>>;

const x: Input = { do: 'new', clOrdID: 'X', orderQty: 10000, timeInForce: 'Day' };
const gtc: Input = { ...x, timeInForce: 'GTC' };
const accept: Input = { do: 'accept' };
const fill = (execID: string, lastQty: number): Input => ({ do: 'execute', execID, lastQty, lastPx: 100 });
const cancel = (clOrdID: string, origClOrdID: string): Input => ({ do: 'cancel', clOrdID, origClOrdID });
const replace = (clOrdID: string, origClOrdID: string, orderQty: number): Input => ({
  do: 'replace',
  clOrdID,
  origClOrdID,
  orderQty,
});

/** The reports of the last line. */
function afterLines(...inputs: readonly Input[]): readonly FixReport[] {
  const lines = readLines(inputs.map((input) => JSON.stringify(input)).join('\n'));
  const lifecycle = new Lifecycle(lines);
  return lines.map((line) => lifecycle.apply(line)).at(-1) ?? [];
}

describe('requests', () => {
  test('a cancel behind a pending replace is queued, and applied after it', () => {
    const before = [x, accept, replace('Y', 'X', 12000), cancel('Z', 'Y')];
    expect(afterLines(...before)).toMatchObject([
      { execType: 'PendingCancel', ordStatus: 'PendingCancel', clOrdID: 'Z', origClOrdID: 'X' },
    ]);
    const replaced = [...before, { do: 'confirm-replace' }];
    expect(afterLines(...replaced)).toMatchObject([
      { execType: 'Replaced', ordStatus: 'PendingCancel', clOrdID: 'Y', origClOrdID: 'X', orderQty: '12000' },
    ]);
    expect(afterLines(...replaced, { do: 'confirm-cancel' })).toMatchObject([
      { execType: 'Canceled', ordStatus: 'Canceled', clOrdID: 'Z', origClOrdID: 'Y', leavesQty: '0' },
    ]);
  });

  test('a cancel behind a pending replace may name the last accepted id as well', () => {
    expect(afterLines(x, accept, replace('Y', 'X', 12000), cancel('Z', 'X'))).toMatchObject([
      { execType: 'PendingCancel', clOrdID: 'Z', origClOrdID: 'X' },
    ]);
  });

  test('a rejected replace reveals the cancel that waits behind it', () => {
    const before = [x, accept, replace('Y', 'X', 12000), cancel('Z', 'Y')];
    expect(afterLines(...before, { do: 'reject-replace' })).toMatchObject([
      { msgType: 'OrderCancelReject', ordStatus: 'PendingCancel', clOrdID: 'Y', origClOrdID: 'X' },
    ]);
  });

  test('a cancel that overtakes a pending replace answers both requests', () => {
    const before = [x, accept, replace('Y', 'X', 12000), cancel('Z', 'Y')];
    expect(afterLines(...before, { do: 'confirm-cancel' })).toMatchObject([
      { execType: 'Canceled', ordStatus: 'Canceled', clOrdID: 'Z', origClOrdID: 'X' },
      { msgType: 'OrderCancelReject', ordStatus: 'Canceled', clOrdID: 'Y', cxlRejReason: 0 },
    ]);
  });

  test('an order that expires answers the cancel that was pending', () => {
    expect(afterLines(x, accept, cancel('Y', 'X'), { do: 'expire' })).toMatchObject([
      { execType: 'Expired', ordStatus: 'Expired', clOrdID: 'X', leavesQty: '0' },
      { msgType: 'OrderCancelReject', ordStatus: 'Expired', clOrdID: 'Y', origClOrdID: 'X', cxlRejReason: 0 },
    ]);
  });

  test('the venue’s answer to a request that closing has answered changes nothing, and says so', () => {
    const told = afterLines(x, accept, cancel('Y', 'X'), { do: 'expire' }, { do: 'reject-cancel' });
    expect(told).toMatchObject([{ execType: 'OrderStatus', ordStatus: 'Expired' }]);
    expect(told[0]?.text).toContain('nothing changes');
  });

  test.each([
    ['Filled', fill('A', 10000)],
    ['Canceled', { do: 'cancel-unsolicited' }],
    ['Expired', { do: 'expire' }],
    ['Rejected', { do: 'reject' }],
    ['DoneForDay', { do: 'done-for-day' }],
    ['Calculated', { do: 'calculate' }],
  ])('a cancel of an order that is %s is too late', (ordStatus, ending) => {
    expect(afterLines(x, accept, ending, cancel('Y', 'X'))).toMatchObject([
      { msgType: 'OrderCancelReject', ordStatus, clOrdID: 'Y', origClOrdID: 'X', cxlRejReason: 0 },
    ]);
  });

  test('a replace of a canceled order is too late, also upwards', () => {
    expect(afterLines(x, accept, { do: 'cancel-unsolicited' }, replace('Y', 'X', 20000))).toMatchObject([
      { msgType: 'OrderCancelReject', ordStatus: 'Canceled', cxlRejReason: 0 },
    ]);
  });

  test('an unknown original uses up no request id', () => {
    expect(afterLines(x, accept, cancel('Y', 'Q'))).toMatchObject([
      {
        msgType: 'OrderCancelReject',
        ordStatus: 'Rejected',
        clOrdID: 'Y',
        origClOrdID: 'Q',
        cxlRejReason: 1,
      },
    ]);
    expect(afterLines(x, accept, cancel('Y', 'Q'), cancel('Y', 'X'))).toMatchObject([
      { execType: 'PendingCancel', clOrdID: 'Y', origClOrdID: 'X' },
    ]);
  });

  test('an original that was replaced is stale, with the status of the order', () => {
    const before = [x, accept, replace('Y', 'X', 12000), { do: 'confirm-replace' }];
    expect(afterLines(...before, cancel('Z', 'X'))).toMatchObject([
      { msgType: 'OrderCancelReject', ordStatus: 'New', clOrdID: 'Z', origClOrdID: 'Y' },
    ]);
  });

  test('a request id is used once', () => {
    expect(afterLines(x, accept, cancel('Y', 'X'), { do: 'reject-cancel' }, cancel('Y', 'X'))).toMatchObject([
      { msgType: 'OrderCancelReject', ordStatus: 'New', cxlRejReason: 6 },
    ]);
  });

  test('a second cancel is refused while one is pending', () => {
    expect(afterLines(x, accept, cancel('Y', 'X'), cancel('Z', 'X'))).toMatchObject([
      { msgType: 'OrderCancelReject', ordStatus: 'PendingCancel', cxlRejReason: 3 },
    ]);
  });
});

describe('executions', () => {
  test('an acknowledgement after a fill does not forget the fill', () => {
    expect(afterLines(x, fill('A', 1000), accept)).toMatchObject([
      { execType: 'New', ordStatus: 'PartiallyFilled', cumQty: '1000', leavesQty: '9000' },
    ]);
  });

  test('the same execution id with the same numbers is ignored', () => {
    expect(afterLines(x, accept, fill('A', 1000), fill('A', 1000))).toMatchObject([
      { execType: 'OrderStatus', cumQty: '1000', text: expect.stringContaining('already') as string },
    ]);
  });

  test('the same execution id with other numbers is not applied', () => {
    expect(afterLines(x, accept, fill('A', 1000), fill('A', 2000))).toMatchObject([
      { execType: 'OrderStatus', cumQty: '1000', text: expect.stringContaining('other numbers') as string },
    ]);
  });

  test('a late fill leaves the order canceled', () => {
    expect(afterLines(x, accept, { do: 'cancel-unsolicited' }, fill('A', 1000))).toMatchObject([
      { execType: 'Trade', ordStatus: 'Canceled', cumQty: '1000', leavesQty: '0', lastQty: '1000' },
    ]);
  });

  test('an overfill counts', () => {
    expect(afterLines(x, accept, fill('A', 10001))).toMatchObject([
      { execType: 'Trade', ordStatus: 'Filled', orderQty: '10000', cumQty: '10001', leavesQty: '0' },
    ]);
  });

  test('a bust re-opens an order that was filled', () => {
    const told = afterLines(x, accept, fill('A', 10000), { do: 'bust', execRefID: 'A' });
    expect(told).toMatchObject([
      { execType: 'TradeCancel', ordStatus: 'New', cumQty: '0', leavesQty: '10000', execRefID: 'A' },
    ]);
  });

  test('an execution is busted once', () => {
    const busted = [x, accept, fill('A', 1000), { do: 'bust', execRefID: 'A' }];
    expect(afterLines(...busted, { do: 'bust', execRefID: 'A' })).toMatchObject([
      { execType: 'OrderStatus', ordStatus: 'New', cumQty: '0' },
    ]);
  });

  test('decimals of any grid are exact', () => {
    const order = { ...x, orderQty: '0.3' };
    const half = (execID: string, lastQty: string) => ({
      do: 'execute',
      execID,
      lastQty,
      lastPx: '0.000125',
    });
    expect(afterLines(order, accept, half('A', '0.1'), half('B', '0.2'))).toMatchObject([
      { ordStatus: 'Filled', cumQty: '0.3', leavesQty: '0', lastQty: '0.2', lastPx: '0.000125' },
    ]);
  });
});

describe('precedence', () => {
  test.each([
    ['Suspended', { do: 'suspend' }],
    ['Stopped', { do: 'stop' }],
    ['DoneForDay', { do: 'done-for-day' }],
  ])('%s is told until the order is pending cancel', (ordStatus, input) => {
    expect(afterLines(gtc, accept, fill('A', 1000), input)).toMatchObject([
      { execType: ordStatus, ordStatus, cumQty: '1000', leavesQty: '9000' },
    ]);
    expect(afterLines(gtc, accept, input, fill('A', 1000))).toMatchObject([{ execType: 'Trade', ordStatus }]);
    expect(afterLines(gtc, accept, input, cancel('Y', 'X'))).toMatchObject([{ ordStatus: 'PendingCancel' }]);
  });

  test('calculated has no leaves', () => {
    expect(afterLines(x, accept, fill('A', 10000), { do: 'calculate' })).toMatchObject([
      { execType: 'Calculated', ordStatus: 'Calculated', cumQty: '10000', leavesQty: '0' },
    ]);
  });
});

describe('lines that make no sense', () => {
  test.each<[string, Input]>([
    ['an unknown word', { do: 'explode' }],
    ['a fill without a quantity', { do: 'execute', execID: 'A' }],
    ['a fill of nothing', { do: 'execute', execID: 'A', lastQty: 0, lastPx: 1 }],
    ['a fill of a negative quantity', { do: 'execute', execID: 'A', lastQty: -5, lastPx: 1 }],
    ['a fill of more than can be counted', { do: 'execute', execID: 'A', lastQty: 1e15, lastPx: 1e9 }],
    ['a fill at a price that is none', { do: 'execute', execID: 'A', lastQty: 1, lastPx: 'high' }],
    ['a field of the wrong kind', { do: 'execute', execID: 'A', lastQty: { n: 1 }, lastPx: 1 }],
    ['a bust of an unknown execution', { do: 'bust', execRefID: 'Q' }],
    ['a bust that names none', { do: 'bust' }],
    [
      'a correction of an unknown execution',
      { do: 'correct', execRefID: 'Q', execID: 'B', lastQty: 1, lastPx: 1 },
    ],
    ['a second acknowledgement', { do: 'accept' }],
    ['a confirmation of no cancel', { do: 'confirm-replace' }],
    ['a rejection of no cancel', { do: 'reject-cancel' }],
    ['a rejection of no replace', { do: 'reject-replace' }],
    ['an impossible restatement', { do: 'restate', orderQty: 1e15 }],
  ])('%s is answered with the reason, and changes nothing', (_, input) => {
    const told = afterLines(x, accept, input);
    expect(told).toMatchObject([{ execType: 'OrderStatus', ordStatus: 'New', leavesQty: '10000' }]);
    expect(told[0]?.text).toMatch(/\w/);
  });

  test('a report before the order is answered', () => {
    expect(afterLines(accept)).toMatchObject([
      { execType: 'OrderStatus', ordStatus: 'Rejected', orderQty: '0' },
    ]);
  });

  test.each<[string, Input]>([
    ['no quantity', { do: 'new', clOrdID: 'X' }],
    ['a quantity of nothing', { ...x, orderQty: 0 }],
    ['a quantity that is none', { ...x, orderQty: 'many' }],
    ['an unknown time in force', { ...x, timeInForce: 'Sometimes' }],
    ['a price of nothing', { ...x, price: 0 }],
  ])('a new order with %s is rejected', (_, input) => {
    expect(afterLines(input)).toMatchObject([
      { execType: 'Rejected', ordStatus: 'Rejected', clOrdID: 'X', cumQty: '0', leavesQty: '0' },
    ]);
  });

  test('a cancel of a denied order is too late', () => {
    expect(afterLines({ ...x, orderQty: 0 }, cancel('Y', 'X'))).toMatchObject([
      { msgType: 'OrderCancelReject', ordStatus: 'Rejected', clOrdID: 'Y', cxlRejReason: 0 },
    ]);
  });
});

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lifecycle-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function run(content: string) {
    const path = join(folder, 'order.jsonl');
    writeFileSync(path, content);
    return spawnSync(process.execPath, ['local/lifecycle.ts', path], { encoding: 'utf8' });
  }

  test('prints one line of JSON per line, with every field of the format', () => {
    const { stdout, stderr, status } = run(
      [x, accept, cancel('Y', 'Q')].map((input) => `${JSON.stringify(input)}\n`).join('\n'),
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout.split('\n').map((line) => (line === '' ? line : (JSON.parse(line) as unknown)))).toEqual([
      [],
      [
        {
          msgType: 'ExecutionReport',
          execType: 'New',
          ordStatus: 'New',
          clOrdID: 'X',
          origClOrdID: null,
          orderQty: 10000,
          cumQty: 0,
          leavesQty: 10000,
          lastQty: 0,
        },
      ],
      [
        {
          msgType: 'OrderCancelReject',
          execType: null,
          ordStatus: 'Rejected',
          clOrdID: 'Y',
          origClOrdID: 'Q',
          orderQty: null,
          cumQty: null,
          leavesQty: null,
          lastQty: null,
          cxlRejResponseTo: 'OrderCancelRequest',
          cxlRejReason: 1,
          text: 'No such order.',
        },
      ],
      '',
    ]);
  });

  test.each([
    ['{"do":"new"', 'line 2: not JSON'],
    ['["new"]', 'line 2: not a JSON object'],
    ['{"done":1}', 'line 2: field "do"'],
  ])('a file with the line %s is not begun', (line, message) => {
    const { stdout, stderr, status } = run(`${JSON.stringify(x)}\n${line}\n`);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
  });

  test('a file that is not there is named', () => {
    const none = join(folder, 'none');
    const { stderr, status } = spawnSync(process.execPath, ['local/lifecycle.ts', none], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([2, `${none}: no such file\n`]);
  });
});
