import { describe, expect, test } from 'vitest';
import type { FixReport } from '../../domain/order/fix-reports.ts';
import { readLines } from '../../local/lifecycle/input.ts';
import { Lifecycle } from '../../local/lifecycle/lifecycle.ts';

/**
 * The order state change matrices of FIX 4.4 volume 4 (appendix D), one test each, rows as they stand there. Left what
 * happens; right the reports: ids (ClOrdID, OrigClOrdID), ExecType, OrdStatus, OrderQty, CumQty, LeavesQty, LastQty.
 * A request's acknowledgement is a report of its own row. Groups are named as in FIX; those left out say why at the end.
 */
function matrix(name: string, rows: string): void {
  test(name, () => {
    const steps = rows
      .trim()
      .split('\n')
      .map((row) => row.split('|').map((part) => part.trim()));
    const lines = readLines(steps.map(([left = '']) => JSON.stringify(inputOf(left))).join('\n'));
    const lifecycle = new Lifecycle(lines);
    const told = lines.map((line) => lifecycle.apply(line).map(shown));
    expect(told).toEqual(steps.map(([, ...reports]) => reports.filter((report) => report !== '')));
  });
}

const fields: Readonly<Record<string, readonly string[]>> = {
  new: ['clOrdID', 'orderQty', 'timeInForce', 'ordType', 'stopPx'],
  cancel: ['clOrdID', 'origClOrdID'],
  replace: ['clOrdID', 'origClOrdID', 'orderQty'],
  execute: ['execID', 'lastQty', 'lastPx'],
  bust: ['execRefID'],
  correct: ['execRefID', 'execID', 'lastQty', 'lastPx'],
  restate: ['orderQty'],
  stop: ['lastQty', 'lastPx'],
};

function inputOf(text: string): object {
  const [verb = '', ...values] = text.split(/\s+/);
  const named = (fields[verb] ?? []).slice(0, values.length);
  return {
    do: verb,
    ...Object.fromEntries(named.map((name, index) => [name, numeric(name, values[index] ?? '')])),
  };
}

function numeric(name: string, value: string): string | number {
  return /Qty|Px/.test(name) ? Number(value) : value;
}

function shown(report: FixReport): string {
  const ids = [report.clOrdID, report.origClOrdID].filter((id) => id !== undefined).join(',');
  if (report.msgType === 'OrderCancelReject')
    return `${ids} CancelReject ${report.ordStatus} ${report.cxlRejReason}`;
  const { execType, ordStatus, orderQty, cumQty, leavesQty, lastQty } = report;
  return [ids, execType, ordStatus, orderQty, cumQty, leavesQty, lastQty].join(' ');
}

describe('A: vanilla', () => {
  matrix(
    'A.1.a an order is filled',
    `new X 10000    |
     accept         | X New New 10000 0 10000 0
     execute A 2000 | X Trade PartiallyFilled 10000 2000 8000 2000
     execute B 1000 | X Trade PartiallyFilled 10000 3000 7000 1000
     execute C 7000 | X Trade Filled 10000 10000 0 7000`,
  );
  matrix(
    'A.1.a an order is rejected before it is acknowledged',
    `new X 10000 |
     reject      | X Rejected Rejected 10000 0 0 0`,
  );
  matrix(
    'A.1.a an order is rejected after it is acknowledged',
    `new X 10000 |
     accept      | X New New 10000 0 10000 0
     reject      | X Rejected Rejected 10000 0 0 0`,
  );
  matrix(
    'A.1.b a part-filled day order is done for the day',
    `new X 10000 Day |
     accept          | X New New 10000 0 10000 0
     execute A 2000  | X Trade PartiallyFilled 10000 2000 8000 2000
     execute B 1000  | X Trade PartiallyFilled 10000 3000 7000 1000
     done-for-day    | X DoneForDay DoneForDay 10000 3000 0 0`,
  );
});

describe('B: cancel', () => {
  matrix(
    'B.1.a a zero-filled order is canceled',
    `new X 10000    |
     accept         | X New New 10000 0 10000 0
     cancel Y X     | Y,X PendingCancel PendingCancel 10000 0 10000 0
     confirm-cancel | Y,X Canceled Canceled 10000 0 0 0`,
  );
  matrix(
    'B.1.a a cancel of a zero-filled order is rejected',
    `new X 10000   |
     accept        | X New New 10000 0 10000 0
     cancel Y X    | Y,X PendingCancel PendingCancel 10000 0 10000 0
     reject-cancel | Y,X CancelReject New 2`,
  );
  matrix(
    'B.1.b executions occur while a cancel is active',
    `new X 10000    |
     accept         | X New New 10000 0 10000 0
     execute A 2000 | X Trade PartiallyFilled 10000 2000 8000 2000
     execute B 3000 | X Trade PartiallyFilled 10000 5000 5000 3000
     cancel Y X     | Y,X PendingCancel PendingCancel 10000 5000 5000 0
     execute C 1000 | X Trade PendingCancel 10000 6000 4000 1000
     confirm-cancel | Y,X Canceled Canceled 10000 6000 0 0`,
  );
  matrix(
    'B.1.b a cancel of a part-filled order is rejected',
    `new X 10000    |
     accept         | X New New 10000 0 10000 0
     execute A 5000 | X Trade PartiallyFilled 10000 5000 5000 5000
     cancel Y X     | Y,X PendingCancel PendingCancel 10000 5000 5000 0
     execute C 1000 | X Trade PendingCancel 10000 6000 4000 1000
     reject-cancel  | Y,X CancelReject PartiallyFilled 2`,
  );
  matrix(
    'B.1.c an order is filled before the cancel can be accepted',
    `new X 10000    |
     accept         | X New New 10000 0 10000 0
     execute A 5000 | X Trade PartiallyFilled 10000 5000 5000 5000
     cancel Y X     | Y,X PendingCancel PendingCancel 10000 5000 5000 0
     execute B 5000 | X Trade PendingCancel 10000 10000 0 5000
     reject-cancel  | Y,X CancelReject Filled 0`,
  );
  matrix(
    'B.1.d an order is canceled that was acknowledged after the cancel',
    `new X 10000    |
     cancel Y X     | Y,X PendingCancel PendingCancel 10000 0 10000 0
     accept         | X New New 10000 0 10000 0
     confirm-cancel | Y,X Canceled Canceled 10000 0 0 0
     new A 5000     |
     cancel B A     | B,A PendingCancel PendingCancel 5000 0 5000 0
     confirm-cancel | B,A Canceled Canceled 5000 0 0 0`,
  );
  matrix(
    'B.1.e acknowledgement and cancel cross',
    `new X 10000    |
     accept         | X New New 10000 0 10000 0
     cancel Y X     | Y,X PendingCancel PendingCancel 10000 0 10000 0
     confirm-cancel | Y,X Canceled Canceled 10000 0 0 0`,
  );
  matrix('B.1.f a cancel of an unknown order is rejected', `cancel Y X | Y,X CancelReject Rejected 1`);
});

describe('C: replace to another quantity', () => {
  matrix(
    'C.1.a a zero-filled order is increased',
    `new X 10000       |
     accept            | X New New 10000 0 10000 0
     replace Y X 11000 | Y,X PendingReplace PendingReplace 10000 0 10000 0
     confirm-replace   | Y,X Replaced New 11000 0 11000 0
     execute A 1000    | Y Trade PartiallyFilled 11000 1000 10000 1000
     execute B 2000    | Y Trade PartiallyFilled 11000 3000 8000 2000`,
  );
  matrix(
    'C.1.a a replace of a zero-filled order is rejected',
    `new X 10000       |
     accept            | X New New 10000 0 10000 0
     replace Y X 11000 | Y,X PendingReplace PendingReplace 10000 0 10000 0
     reject-replace    | Y,X CancelReject New 2`,
  );
  matrix(
    'C.1.b an execution occurs while the order is pending replace',
    `new X 10000       |
     accept            | X New New 10000 0 10000 0
     execute A 1000    | X Trade PartiallyFilled 10000 1000 9000 1000
     replace Y X 12000 | Y,X PendingReplace PendingReplace 10000 1000 9000 0
     execute B 100     | X Trade PendingReplace 10000 1100 8900 100
     confirm-replace   | Y,X Replaced PartiallyFilled 12000 1100 10900 0
     execute C 10900   | Y Trade Filled 12000 12000 0 10900`,
  );
  matrix(
    'C.1.c a filled order is increased',
    `new X 10000       |
     accept            | X New New 10000 0 10000 0
     execute A 10000   | X Trade Filled 10000 10000 0 10000
     replace Y X 12000 | Y,X PendingReplace PendingReplace 10000 10000 0 0
     confirm-replace   | Y,X Replaced PartiallyFilled 12000 10000 2000 0
     execute B 2000    | Y Trade Filled 12000 12000 0 2000`,
  );
  matrix(
    'C.1.c the increase of a filled order is rejected',
    `new X 10000       |
     accept            | X New New 10000 0 10000 0
     execute A 10000   | X Trade Filled 10000 10000 0 10000
     replace Y X 12000 | Y,X PendingReplace PendingReplace 10000 10000 0 0
     reject-replace    | Y,X CancelReject Filled 0`,
  );
  matrix(
    'C.2.a a replace of something else than the quantity comes after the last fill',
    `new X 10000       |
     accept            | X New New 10000 0 10000 0
     execute A 1000    | X Trade PartiallyFilled 10000 1000 9000 1000
     execute B 9000    | X Trade Filled 10000 10000 0 9000
     replace Y X 10000 | Y,X CancelReject Filled 0`,
  );
  matrix(
    'C.2.a a replace of something else than the quantity is overtaken by the last fill',
    `new X 10000       |
     accept            | X New New 10000 0 10000 0
     execute A 1000    | X Trade PartiallyFilled 10000 1000 9000 1000
     replace Y X 10000 | Y,X PendingReplace PendingReplace 10000 1000 9000 0
     execute B 9000    | X Trade PendingReplace 10000 10000 0 9000
     reject-replace    | Y,X CancelReject Filled 0`,
  );
  matrix(
    'C.3.a the requested quantity exceeds what is filled: replaced, then filled',
    `new X 10000      |
     accept           | X New New 10000 0 10000 0
     execute A 1000   | X Trade PartiallyFilled 10000 1000 9000 1000
     execute B 500    | X Trade PartiallyFilled 10000 1500 8500 500
     replace Y X 8000 | Y,X PendingReplace PendingReplace 10000 1500 8500 0
     execute C 100    | X Trade PendingReplace 10000 1600 8400 100
     confirm-replace  | Y,X Replaced PartiallyFilled 8000 1600 6400 0
     execute D 6400   | Y Trade Filled 8000 8000 0 6400`,
  );
  matrix(
    'C.3.b the requested quantity equals what is filled: the order is filled',
    `new X 10000      |
     accept           | X New New 10000 0 10000 0
     replace Y X 7000 | Y,X PendingReplace PendingReplace 10000 0 10000 0
     execute A 7000   | X Trade PendingReplace 10000 7000 3000 7000
     confirm-replace  | Y,X Replaced Filled 7000 7000 0 0`,
  );
  matrix(
    'C.3.c the requested quantity is below what is filled: it becomes the filled quantity',
    `new X 10000      |
     accept           | X New New 10000 0 10000 0
     replace Y X 7000 | Y,X PendingReplace PendingReplace 10000 0 10000 0
     execute A 8000   | X Trade PendingReplace 10000 8000 2000 8000
     confirm-replace  | Y,X Replaced Filled 8000 8000 0 0`,
  );
});

describe('D: sequences and chains of replaces', () => {
  matrix(
    'D.1.a two replaces are accepted one after the other',
    `new X 10000      |
     accept           | X New New 10000 0 10000 0
     execute A 1000   | X Trade PartiallyFilled 10000 1000 9000 1000
     replace Y X 8000 | Y,X PendingReplace PendingReplace 10000 1000 9000 0
     execute B 500    | X Trade PendingReplace 10000 1500 8500 500
     confirm-replace  | Y,X Replaced PartiallyFilled 8000 1500 6500 0
     execute C 2000   | Y Trade PartiallyFilled 8000 3500 4500 2000
     replace Z Y 6000 | Z,Y PendingReplace PendingReplace 8000 3500 4500 0
     execute D 500    | Y Trade PendingReplace 8000 4000 4000 500
     confirm-replace  | Z,Y Replaced PartiallyFilled 6000 4000 2000 0
     execute E 2000   | Z Trade Filled 6000 6000 0 2000`,
  );
  matrix(
    'D.1.c the first replace is rejected; the second names the last id not rejected',
    `new X 10000      |
     accept           | X New New 10000 0 10000 0
     execute A 1000   | X Trade PartiallyFilled 10000 1000 9000 1000
     replace Y X 8000 | Y,X PendingReplace PendingReplace 10000 1000 9000 0
     execute B 500    | X Trade PendingReplace 10000 1500 8500 500
     reject-replace   | Y,X CancelReject PartiallyFilled 2
     execute C 2000   | X Trade PartiallyFilled 10000 3500 6500 2000
     replace Z X 6000 | Z,X PendingReplace PendingReplace 10000 3500 6500 0
     confirm-replace  | Z,X Replaced PartiallyFilled 6000 3500 2500 0
     execute D 1500   | Z Trade PartiallyFilled 6000 5000 1000 1500`,
  );
  matrix(
    'D.2.d a second replace is rejected while the first is pending, naming the last accepted id',
    `new X 10000      |
     accept           | X New New 10000 0 10000 0
     execute A 1000   | X Trade PartiallyFilled 10000 1000 9000 1000
     replace Y X 8000 | Y,X PendingReplace PendingReplace 10000 1000 9000 0
     replace Z Y 7000 | Z,X CancelReject PendingReplace 3
     confirm-replace  | Y,X Replaced PartiallyFilled 8000 1000 7000 0
     execute B 2000   | Y Trade PartiallyFilled 8000 3000 5000 2000`,
  );
});

describe('E: unsolicited changes', () => {
  matrix(
    'E.1.b a part-filled order is canceled unasked',
    `new X 10000        |
     accept             | X New New 10000 0 10000 0
     execute A 1000     | X Trade PartiallyFilled 10000 1000 9000 1000
     cancel-unsolicited | X Canceled Canceled 10000 1000 0 0`,
  );
  matrix(
    'E.1.c an order is increased by word of mouth',
    `new X 10000    |
     accept         | X New New 10000 0 10000 0
     restate 11000  | X Restated New 11000 0 11000 0
     execute A 1000 | X Trade PartiallyFilled 11000 1000 10000 1000
     restate 12000  | X Restated PartiallyFilled 12000 1000 11000 0`,
  );
  matrix(
    'E.1.d the venue declines part of the quantity',
    `new X 10000    |
     accept         | X New New 10000 0 10000 0
     restate 9000   | X Restated New 9000 0 9000 0
     execute A 9000 | X Trade Filled 9000 9000 0 9000`,
  );
  matrix(
    'E.1.f an order waits for its activation',
    `new X 10000 day stop 100 |
     accept         | X New New 10000 0 10000 0
     trigger        | X Triggered New 10000 0 10000 0
     execute A 2000 | X Trade PartiallyFilled 10000 2000 8000 2000
     execute B 8000 | X Trade Filled 10000 10000 0 8000`,
  );
});

describe('F: duplicates', () => {
  matrix(
    'F.1.a a second order under the same id is rejected with the status of the first',
    `new X 10000    |
     accept         | X New New 10000 0 10000 0
     execute A 1000 | X Trade PartiallyFilled 10000 1000 9000 1000
     new X 15000    | X Rejected PartiallyFilled 10000 1000 9000 0`,
  );
  matrix(
    'F.1.b the same order again is told how the first one stands',
    `new X 10000 |
     accept      | X New New 10000 0 10000 0
     new X 10000 | X OrderStatus New 10000 0 10000 0
     new X 20000 | X Rejected New 10000 0 10000 0
     new Y 15000 |
     accept      | Y New New 15000 0 15000 0`,
  );
});

describe('G: status', () => {
  matrix(
    'G.1.c the status is told at every stage',
    `new X 10000       |
     status            | X OrderStatus PendingNew 10000 0 10000 0
     accept            | X New New 10000 0 10000 0
     status            | X OrderStatus New 10000 0 10000 0
     execute A 2000    | X Trade PartiallyFilled 10000 2000 8000 2000
     status            | X OrderStatus PartiallyFilled 10000 2000 8000 0
     execute B 8000    | X Trade Filled 10000 10000 0 8000
     status            | X OrderStatus Filled 10000 10000 0 0
     replace Y X 12000 | Y,X PendingReplace PendingReplace 10000 10000 0 0
     confirm-replace   | Y,X Replaced PartiallyFilled 12000 10000 2000 0
     status            | Y OrderStatus PartiallyFilled 12000 10000 2000 0`,
  );
});

describe('H: orders that outlive the day', () => {
  matrix(
    'H.1.a a good-till-cancel order keeps its leaves when done for the day, and is restated the next morning',
    `new X 10000 GTC |
     accept          | X New New 10000 0 10000 0
     execute A 2000  | X Trade PartiallyFilled 10000 2000 8000 2000
     done-for-day    | X DoneForDay DoneForDay 10000 2000 8000 0
     restate         | X Restated PartiallyFilled 10000 2000 8000 0
     execute B 1000  | X Trade PartiallyFilled 10000 3000 7000 1000`,
  );
  matrix(
    'H.1.c a restated order is canceled the next day',
    `new X 10000 GTC |
     accept          | X New New 10000 0 10000 0
     execute A 2000  | X Trade PartiallyFilled 10000 2000 8000 2000
     done-for-day    | X DoneForDay DoneForDay 10000 2000 8000 0
     restate         | X Restated PartiallyFilled 10000 2000 8000 0
     cancel Y X      | Y,X PendingCancel PendingCancel 10000 2000 8000 0
     confirm-cancel  | Y,X Canceled Canceled 10000 2000 0 0`,
  );
  matrix(
    'H.1.d a restated order is increased the next day',
    `new X 10000 GTC   |
     accept            | X New New 10000 0 10000 0
     execute A 2000    | X Trade PartiallyFilled 10000 2000 8000 2000
     done-for-day      | X DoneForDay DoneForDay 10000 2000 8000 0
     restate           | X Restated PartiallyFilled 10000 2000 8000 0
     replace Y X 15000 | Y,X PendingReplace PendingReplace 10000 2000 8000 0
     execute B 1000    | X Trade PendingReplace 10000 3000 7000 1000
     confirm-replace   | Y,X Replaced PartiallyFilled 15000 3000 12000 0`,
  );
});

describe('I: time in force', () => {
  matrix(
    'I.1.a a fill-or-kill order that cannot be filled is canceled',
    `new X 10000 FOK    |
     accept             | X New New 10000 0 10000 0
     cancel-unsolicited | X Canceled Canceled 10000 0 0 0`,
  );
  matrix(
    'I.1.b the remainder of an immediate-or-cancel order is canceled',
    `new X 10000 IOC    |
     accept             | X New New 10000 0 10000 0
     execute A 1000     | X Trade PartiallyFilled 10000 1000 9000 1000
     cancel-unsolicited | X Canceled Canceled 10000 1000 0 0`,
  );
});

describe('J: corrections and busts', () => {
  matrix(
    'J.1.a executions of a filled order are busted and corrected',
    `new X 10000          |
     accept               | X New New 10000 0 10000 0
     execute C 1000 100   | X Trade PartiallyFilled 10000 1000 9000 1000
     execute D 9000 110   | X Trade Filled 10000 10000 0 9000
     bust C               | X TradeCancel PartiallyFilled 10000 9000 1000 0
     correct D F 9000 100 | X TradeCorrect PartiallyFilled 10000 9000 1000 9000
     execute G 1000 120   | X Trade Filled 10000 10000 0 1000
     correct F H 9000 120 | X TradeCorrect Filled 10000 10000 0 9000
     replace Y X 12000    | Y,X PendingReplace PendingReplace 10000 10000 0 0
     confirm-replace      | Y,X Replaced PartiallyFilled 12000 10000 2000 0
     correct H K 9500 120 | Y TradeCorrect PartiallyFilled 12000 10500 1500 9500`,
  );
  matrix(
    'J.1.b a canceled order loses an execution and gets another',
    `new X 10000       |
     accept            | X New New 10000 0 10000 0
     execute B 5000 50 | X Trade PartiallyFilled 10000 5000 5000 5000
     cancel Y X        | Y,X PendingCancel PendingCancel 10000 5000 5000 0
     confirm-cancel    | Y,X Canceled Canceled 10000 5000 0 0
     bust B            | X TradeCancel Canceled 10000 0 0 0
     execute F 4000 51 | X Trade Canceled 10000 4000 0 4000`,
  );
  matrix(
    'J.1.c executions of two days are corrected',
    `new X 10000 GTC  |
     accept           | X New New 10000 0 10000 0
     execute B 2000   | X Trade PartiallyFilled 10000 2000 8000 2000
     done-for-day     | X DoneForDay DoneForDay 10000 2000 8000 0
     restate          | X Restated PartiallyFilled 10000 2000 8000 0
     execute E 1000   | X Trade PartiallyFilled 10000 3000 7000 1000
     correct B F 1500 | X TradeCorrect PartiallyFilled 10000 2500 7500 1500
     correct E G 500  | X TradeCorrect PartiallyFilled 10000 2000 8000 500`,
  );
  matrix(
    'J.1.d a day order that is done is corrected and busted',
    `new X 10000      |
     accept           | X New New 10000 0 10000 0
     execute B 5000   | X Trade PartiallyFilled 10000 5000 5000 5000
     done-for-day     | X DoneForDay DoneForDay 10000 5000 0 0
     correct B D 4000 | X TradeCorrect DoneForDay 10000 4000 0 4000
     bust D           | X TradeCancel DoneForDay 10000 0 0 0`,
  );
});

describe('K and L: halts and guarantees', () => {
  matrix(
    'K.1.b an order is canceled by a trading halt',
    `new X 10000        |
     accept             | X New New 10000 0 10000 0
     cancel-unsolicited | X Canceled Canceled 10000 0 0 0`,
  );
  matrix(
    'L.1.a an execution is guaranteed before it happens',
    `new X 10000       |
     accept            | X New New 10000 0 10000 0
     stop 1000 50.1    | X Stopped Stopped 10000 0 10000 1000
     execute A 1000 50 | X Trade Stopped 10000 1000 9000 1000`,
  );
});

/*
 * Left out: D.1.b (a replace refused before it is acknowledged: a refusal of our own, tested with the rules), D.2.a to D.2.c
 * (several replaces in flight: our one policy is D.2.d), E.1.a and F.1.c (orders by telephone), E.1.e (cancel if not best),
 * G.1.a (status of an unknown order), H.1.b (stock splits), L.1.b (cash order quantity): not supported.
 */
