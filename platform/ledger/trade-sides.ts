import { hash } from 'node:crypto';
import type { OrderEvent } from '../../domain/order/events.ts';

import { bookKind, type BookOutput, orderReports } from '../../domain/venue/book-output.ts';
import { kindOf } from '../consumer/port.ts';

/** What one side of a trade was told, or has: equal texts are the same thing. */
export interface Side {
  readonly book: string;
  readonly orderId: string;
  readonly text: string;
}

/** What both sides were told by one output of a book: executions, busts, corrections. */
export function sidesTold(
  book: string,
  symbol: string,
  at: { readonly version: number; readonly index: number },
  output: BookOutput,
): readonly Side[] {
  if (output.output === 'report') return [];
  return orderReports(symbol, at, output).flatMap(({ orderId, report }): readonly Side[] => {
    const where = `${orderId} ${at.version}.${at.index}`;
    if (report.report === 'bust') return [{ book, orderId, text: `${where} bust ${report.executionId}` }];
    if (report.report !== 'execute' && report.report !== 'correct') return [];
    const { executionId, lastQuantity, lastPrice } = report;
    return [{ book, orderId, text: `${where} ${executionId} ${lastQuantity} at ${lastPrice}` }];
  });
}

/** What an order has of our own books. */
export function sidesHeard(
  { orderId }: { readonly orderId: string },
  events: readonly OrderEvent[],
): readonly Side[] {
  return events.flatMap((event): readonly Side[] => {
    if (
      event.type !== 'OrderExecuted' &&
      event.type !== 'ExecutionBusted' &&
      event.type !== 'ExecutionCorrected'
    )
      return [];
    const { position, executionId, lastQuantity, lastPrice } = event.data;
    if (kindOf(position.stream) !== bookKind) return [];
    const where = `${orderId} ${position.version}.${position.index}`;
    const what =
      event.type === 'ExecutionBusted'
        ? `bust ${executionId}`
        : `${executionId} ${lastQuantity} at ${lastPrice}`;
    return [{ book: position.stream, orderId, text: `${where} ${what}` }];
  });
}

const modulus = 2 ** 48;

/**
 * Whether what books told is what orders have, in memory that grows with the books and not with what was traded: a sum of hashes for
 * each. It says that something differs, not what.
 */
export class TradeSides {
  readonly #sums = new Map<string, number>();

  told(sides: readonly Side[]): void {
    for (const side of sides) this.#add(side, 1);
  }

  heard(sides: readonly Side[]): void {
    for (const side of sides) this.#add(side, -1);
  }

  /** Books whose trades are not, or not all, in their orders, or the other way round. */
  get unequal(): readonly string[] {
    return [...this.#sums].filter(([, sum]) => sum !== 0).map(([book]) => book);
  }

  #add({ book, text }: Side, sign: 1 | -1): void {
    const value = Number.parseInt(hash('sha256', text, 'hex').slice(0, 12), 16);
    const sum = ((this.#sums.get(book) ?? 0) + sign * value) % modulus;
    this.#sums.set(book, (sum + modulus) % modulus);
  }
}
