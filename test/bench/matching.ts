import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { OrderBook } from '../../domain/venue/order-book.ts';
import { CANCEL, type Flow, NEW, readFlow } from './matching-flow.ts';
import { growth } from './matching-growth.ts';

const FLOW = join(import.meta.dirname, '..', '..', '..', 'shared', 'flows', 'normal-1000000.csv.gz');
const ROUNDS = 5;

/** `resting` describes the book at the end: that two engines agree on it shows that they did the same work. */
interface Outcome {
  readonly elapsedMs: number;
  readonly resting: string;
}

interface Contestant {
  readonly name: string;
  run(flow: Flow): Outcome;
}

type Levels = readonly (readonly [price: number, quantity: number])[];

/** Every message becomes an object of its own, as for any caller; its reports are there to read and then dropped. */
const ordercell: Contestant = {
  name: 'ordercell',
  run(flow) {
    const book = OrderBook.open({ phase: 'continuous' });
    const start = performance.now();
    for (let i = 0; i < flow.count; i += 1) {
      const orderId = flow.orderIds[i] ?? 0;
      const quantity = flow.quantities[i] ?? 0;
      const limitPrice = flow.prices[i] ?? 0;
      const type = flow.types[i];
      book.reports.clear();
      if (type === NEW) {
        const side = flow.sells[i] === 1 ? 'sell' : 'buy';
        const timeInForce = flow.immediates[i] === 1 ? 'ioc' : 'gtc';
        book.place({ orderId, side, orderType: 'limit', timeInForce, quantity, limitPrice });
      } else if (type === CANCEL) book.cancel(orderId);
      else book.reinsert(orderId, quantity, limitPrice);
    }
    const elapsedMs = performance.now() - start;
    const levels = (side: 'buy' | 'sell'): Levels =>
      book.depth(side, Number.MAX_SAFE_INTEGER).map(({ price, quantity }) => [price, quantity]);
    return { elapsedMs, resting: summary(levels('buy'), levels('sell')) };
  },
};

/** What is used of the packages. Their own declarations lie elsewhere than their `package.json` says. */
interface PackageBook {
  limit(order: { id: string; side: string; size: number; price: number; timeInForce: string }): unknown;
  cancel(id: string): unknown;
  modify(id: string, update: { size: number; price: number }): unknown;
  depth(): [asks: Levels, bids: Levels];
}

function packaged(name: string): Contestant {
  const module: { readonly OrderBook: new () => PackageBook } = createRequire(import.meta.url)(name);
  return {
    name,
    run(flow) {
      const book = new module.OrderBook();
      const start = performance.now();
      for (let i = 0; i < flow.count; i += 1) {
        const id = flow.names[flow.orderIds[i] ?? 0] ?? '';
        const size = flow.quantities[i] ?? 0;
        const price = flow.prices[i] ?? 0;
        const type = flow.types[i];
        if (type === NEW) {
          const side = flow.sells[i] === 1 ? 'sell' : 'buy';
          const timeInForce = flow.immediates[i] === 1 ? 'IOC' : 'GTC';
          book.limit({ id, side, size, price, timeInForce });
        } else if (type === CANCEL) book.cancel(id);
        else book.modify(id, { size, price });
      }
      const elapsedMs = performance.now() - start;
      const [asks, bids] = book.depth();
      return { elapsedMs, resting: summary(bids, asks) };
    },
  };
}

function summary(bids: Levels, asks: Levels): string {
  return [bids, asks]
    .map((side) => {
      const quantity = side.reduce((sum, [, shown]) => sum + shown, 0);
      const value = side.reduce((sum, [price, shown]) => sum + price * shown, 0);
      return `${quantity} lots on ${side.length} levels worth ${value} ticks`;
    })
    .join(' against ');
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  return collect;
}

/** Every round runs all of them, each round beginning with another one, so that nobody has the quiet moments. */
function compete(contestants: readonly Contestant[], flow: Flow): void {
  const collect = garbageCollector();
  const rates = new Map(contestants.map(({ name }) => [name, [] as number[]]));
  const ends = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const first = round % contestants.length;
    for (const contestant of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      collect();
      const { elapsedMs, resting } = contestant.run(flow);
      rates.get(contestant.name)?.push((flow.count / elapsedMs) * 1000);
      ends.add(resting);
    }
  }
  printRates(rates);
  for (const end of ends) console.log(`  end of the book: ${end}`);
  if (ends.size > 1) console.log('  the engines do not agree: the rates compare different work');
}

function printRates(rates: ReadonlyMap<string, readonly number[]>): void {
  for (const [name, all] of rates) {
    const shown = all.map((rate) => Math.round(rate).toLocaleString('en')).join('  ');
    console.log(`  ${name.padEnd(22)} ${shown}   median ${Math.round(median(all)).toLocaleString('en')}`);
  }
  const own = rates.get(ordercell.name) ?? [];
  const others = [...rates].filter(([name]) => name !== ordercell.name).map(([, all]) => all);
  const ratios = own.map((rate, round) => rate / Math.max(...others.map((all) => all[round] ?? Number.NaN)));
  const least = Math.min(...ratios).toFixed(2);
  console.log(
    `  ${ordercell.name} / the better package of the round: median ${median(ratios).toFixed(2)}, least ${least}`,
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function main(path: string): Promise<void> {
  console.log(`${cpus()[0]?.model.trim() ?? 'unknown processor'}, Node ${process.version}`);
  if (existsSync(path)) {
    const flow = await readFlow(path);
    console.log(`Messages per second over ${flow.count.toLocaleString('en')} messages, ${ROUNDS} rounds`);
    compete([ordercell, packaged('hft-limit-order-book'), packaged('nodejs-order-book')], flow);
  } else console.log(`NOT COMPARED: no recorded flow at ${path}; name one as the argument`);
  growth();
}

await main(process.argv[2] ?? FLOW);
