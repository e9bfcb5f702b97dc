import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Phase } from '../../../domain/venue/phase.ts';
import type { ReportKind, ReportReason } from '../../../domain/venue/report.ts';
import { continuousCommands, sessionCommands } from './arbitrary-commands.ts';
import { type Command, TestedBook } from './commands.ts';
import { NaiveBook } from './naive-book.ts';
import type { NaiveGrid } from './naive-validation.ts';

const fine = { priceIncrement: 1, quantityIncrement: 1 };
/** Even, so that a reference can lie in the middle between two prices. */
const coarse = { priceIncrement: 4, quantityIncrement: 10 };

function agree(commands: readonly Command[], grid: NaiveGrid, phase: Phase): void {
  const book = new TestedBook({ grid, phase });
  const oracle = new NaiveBook(grid, phase);
  for (const command of commands) {
    expect(book.run(command)).toEqual(oracle.run(command));
    expect(book.sight()).toEqual(oracle.sight());
  }
}

test('the book reports what its oracle reports, command by command, in continuous trading', () => {
  fc.assert(
    fc.property(continuousCommands, (commands) => agree(commands, fine, 'continuous')),
    { numRuns: 1000 },
  );
});

test('the book reports what its oracle reports through calls, auctions, halts and the end of the day', () => {
  fc.assert(
    fc.property(sessionCommands, (commands) => agree(commands, fine, 'closed')),
    { numRuns: 1000 },
  );
});

test('the book and its oracle agree on a grid of four ticks and ten lots', () => {
  fc.assert(
    fc.property(sessionCommands, (commands) => agree(commands.map(mostlyOnGrid), coarse, 'opening_call')),
    { numRuns: 500 },
  );
});

test('in continuous trading the book is never crossed', () => {
  fc.assert(
    fc.property(sessionCommands, (commands) => {
      const book = new TestedBook({});
      for (const command of commands) {
        book.run(command);
        const { bids, asks, phase } = book.sight();
        if (phase !== 'continuous') continue;
        expect(bids[0]?.price ?? Number.NEGATIVE_INFINITY).toBeLessThan(
          asks[0]?.price ?? Number.POSITIVE_INFINITY,
        );
      }
    }),
  );
});

test('the same commands give the same reports on every run', () => {
  fc.assert(
    fc.property(sessionCommands, (commands) => {
      const [first, second] = [new TestedBook({}), new TestedBook({})];
      expect(commands.map((command) => first.run(command))).toEqual(
        commands.map((command) => second.run(command)),
      );
    }),
  );
});

test('a book restored from its snapshot goes on as the one it was taken from', () => {
  fc.assert(
    fc.property(sessionCommands, fc.nat({ max: 80 }), (commands, at) => {
      const [whole, restored] = [new TestedBook({}), new TestedBook({})];
      for (const [index, command] of commands.entries()) {
        if (index === at) restored.restore();
        expect(restored.run(command)).toEqual(whole.run(command));
        expect(restored.sight()).toEqual(whole.sight());
      }
    }),
    { numRuns: 1000 },
  );
});

test('the random histories reach every kind of report and every reason', () => {
  const seen = new Set<string>();
  for (const commands of fc.sample(sessionCommands, { seed: 1, numRuns: 3000 })) {
    const book = new TestedBook({ grid: coarse, phase: 'continuous' });
    const lines = commands.map(mostlyOnGrid).flatMap((command) => book.run(command));
    for (const line of lines) {
      seen.add(line.split(' ')[0] ?? '');
      seen.add(line.split(': ')[1] ?? '');
    }
  }
  const reached = [...seen].filter((word) => word !== '');
  expect(reached.toSorted()).toEqual([...everyKind, ...everyReason].toSorted());
});

const everyKind: readonly ReportKind[] = [
  'accepted',
  'rejected',
  'traded',
  'auction_traded',
  'reduced',
  'canceled',
  'cancel_rejected',
  'expired',
  'replaced',
  'replace_rejected',
  'triggered',
];

/** All but `book_full`, which needs more than random numbers. */
const everyReason: readonly ReportReason[] = [
  'duplicate_order',
  'unknown_order',
  'halted',
  'not_continuous',
  'opening_over',
  'quantity_out_of_range',
  'price_out_of_range',
  'off_quantity_grid',
  'off_price_grid',
  'terms_conflict',
  'trigger_missing',
  'would_trade',
  'requested',
  'immediate_remainder',
  'not_fillable',
  'below_minimum',
  'no_liquidity',
  'protection_limit',
  'self_trade',
  'auction_over',
  'day_over',
  'date_reached',
];

/** Prices and quantities that fit the coarse grid, except where a number happens to be odd. */
function mostlyOnGrid(command: Command): Command {
  if (command.do !== 'place' || command.order.quantity % 7 === 3) return command;
  const { order } = command;
  const limitPrice = Math.round(order.limitPrice / 4) * 4;
  return { do: 'place', order: { ...order, limitPrice, quantity: Math.ceil(order.quantity / 10) * 10 } };
}
