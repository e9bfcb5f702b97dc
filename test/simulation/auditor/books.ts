import type { VenueReport } from '../../../domain/order/commands.ts';
import type { BookEvent } from '../../../domain/venue/book-events.ts';
import type { BookOutput } from '../../../domain/venue/book-output.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { demand } from '../law.ts';
import type { Prng } from '../prng.ts';
import type { Tally } from '../tally.ts';
import type { OrderModel } from './order-model.ts';

export interface Trade {
  readonly version: number;
  readonly index: number;
  readonly buy: string;
  readonly sell: string;
  readonly price: number;
  readonly lots: number;
}

/** What a book said to one order, where. */
export interface Told {
  readonly name: string;
  readonly orderId: string;
  readonly report: VenueReport;
}

/** Our own books as an auditor reads them: who came in, what traded, and whether a trade has the two sides it must have. */
export class Books {
  readonly #orders: ReadonlyMap<string, OrderModel>;
  readonly #tally: Tally;
  readonly #entered = new Set<string>();
  /** Those that stand, by symbol. */
  readonly #standing = new Map<string, Map<string, Trade>>();
  readonly #lastTradeAt = new Map<string, number>();

  constructor(orders: ReadonlyMap<string, OrderModel>, tally: Tally) {
    this.#orders = orders;
    this.#tally = tally;
  }

  get symbols(): Iterable<string> {
    return this.#standing.keys();
  }

  someTrade(symbol: string, prng: Prng): Trade | undefined {
    return prng.any([...(this.#standing.get(symbol)?.values() ?? [])]);
  }

  lastTradeAt(symbol: string): number {
    return this.#lastTradeAt.get(symbol) ?? 0;
  }

  /** What the commit tells orders: worked out from its outputs alone. */
  learn(commit: Commit): readonly Told[] {
    const symbol = commit.stream.slice('book-'.length);
    if (!this.#standing.has(symbol)) this.#standing.set(symbol, new Map());
    const told: Told[] = [];
    for (const event of commit.events as unknown as readonly BookEvent[]) {
      if (event.type !== 'BatchMatched') continue;
      for (const input of event.data.inputs) if (input.input === 'new') this.#enters(input, symbol);
      for (const [index, output] of event.data.outputs.entries()) {
        this.#tally.count(`book: ${output.output === 'report' ? output.report.report : output.output}`);
        if (output.output === 'trade') this.#lastTradeAt.set(symbol, commit.at);
        told.push(...this.#tells(symbol, { version: commit.version, index }, output));
      }
    }
    return told;
  }

  #enters(input: { readonly orderId: string; readonly side: string }, symbol: string): void {
    const { orderId, side } = input;
    demand(!this.#entered.has(orderId), 'an order enters its book once', () => `${orderId} in ${symbol}`);
    this.#entered.add(orderId);
    const placed = this.#orders.get(orderId)?.placed;
    demand(
      placed?.contract.symbol === symbol && placed.side === side,
      'a book takes orders that exist',
      () => `${orderId} ${side} in ${symbol}`,
    );
  }

  #tells(
    symbol: string,
    at: { readonly version: number; readonly index: number },
    output: BookOutput,
  ): readonly Told[] {
    const name = `book-${symbol}@${at.version}/${at.index}`;
    if (output.output === 'report') return [{ name, orderId: output.orderId, report: output.report }];
    const { buyOrderId: buy, sellOrderId: sell } = output;
    this.#demandSides(symbol, name, { buy, sell });
    const standing = this.#standing.get(symbol) ?? new Map<string, Trade>();
    const id = (version: number, index: number, side: 'B' | 'S') =>
      `${symbol}-${version}-${index}-${side}` as never;
    const both = (report: (side: 'B' | 'S') => VenueReport): readonly Told[] => [
      { name, orderId: buy, report: report('B') },
      { name, orderId: sell, report: report('S') },
    ];
    if (output.output !== 'trade') this.#undoes(standing, output);
    if (output.output === 'bust')
      return both((side) => ({
        report: 'bust',
        executionId: id(output.trade.version, output.trade.index, side),
      }));
    const [price, lots] =
      output.output === 'trade'
        ? [output.price, output.quantity]
        : [output.correctedPrice, output.correctedQuantity];
    standing.set(`${at.version}/${at.index}`, { ...at, buy, sell, price, lots });
    return both((side) => ({
      ...(output.output === 'trade'
        ? { report: 'execute' }
        : {
            report: 'correct',
            replacesExecutionId: id(output.trade.version, output.trade.index, side),
          }),
      executionId: id(at.version, at.index, side),
      lastQuantity: lots,
      lastPrice: price,
    }));
  }

  #demandSides(symbol: string, name: string, { buy, sell }: Pick<Trade, 'buy' | 'sell'>): void {
    const sides = [this.#orders.get(buy)?.placed, this.#orders.get(sell)?.placed] as const;
    const isRight =
      sides[0]?.side === 'buy' &&
      sides[1]?.side === 'sell' &&
      sides.every((placed) => placed?.contract.symbol === symbol);
    demand(isRight, 'a trade has two sides', () => `${name}: ${buy} and ${sell}`);
  }

  #undoes(
    standing: Map<string, Trade>,
    output: Extract<BookOutput, { output: 'bust' | 'correction' }>,
  ): void {
    const name = `${output.trade.version}/${output.trade.index}`;
    const trade = standing.get(name);
    const isIt =
      trade?.buy === output.buyOrderId &&
      trade.sell === output.sellOrderId &&
      trade.price === output.price &&
      trade.lots === output.quantity;
    demand(isIt, 'what is undone was done', () => `${name}: ${JSON.stringify(output)}`);
    standing.delete(name);
  }
}
