import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCell } from '../../../local/cell.ts';
import { upcastBook } from '../../../platform/aggregates/book.ts';
import { order } from '../../../platform/aggregates/order.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { SqliteEventStore } from '../../../platform/event-store/sqlite.ts';

/** Milliseconds of this machine's clock, alike in every process. */
const nowMs = (): number => performance.timeOrigin + performance.now();

type Asked = Parameters<SqliteEventStore['append']>;

interface Written {
  readonly asked: Asked;
  readonly askedMs: number;
  readonly doneMs: number;
}

/** Of one order that took what was resting: when each stage was over. */
export interface TakerStages {
  readonly clientOrderId: string;
  readonly orderAskedMs: number;
  readonly orderDoneMs: number;
  readonly bookAskedMs: number;
  readonly bookDoneMs: number;
  readonly settleAskedMs: number;
  readonly settleDoneMs: number;
}

/** The embedded cell with a stop watch at its store. What it wrote is written again, bare, when it is asked to. */
const folder = mkdtempSync(join(tmpdir(), 'ordercell-bench-market-'));
const cell = await startCell({
  store: { kind: 'sqlite', folder: join(folder, 'cell') },
  port: 0,
  requestLogEvery: 1_000_000,
});
const { store } = cell.dependencies;
if (!(store instanceof SqliteEventStore)) throw new TypeError('the bench runs on SQLite');
/** What the demo's start wrote: streams go on from there. */
const begun = await store.feed('0', 10_000);
const append = store.append.bind(store);
let written: Written[] = [];
store.append = async (...asked: Asked) => {
  const askedMs = nowMs();
  const result = await append(...asked);
  if (result.outcome === 'appended') written.push({ asked, askedMs, doneMs: nowMs() });
  return result;
};

interface Found {
  readonly placed: Map<string, { readonly clientOrderId: string; readonly at: Written }>;
  readonly settled: Map<string, Written>;
  readonly trades: { readonly taker: string; readonly at: Written }[];
}

function noteOrder({ stream, events }: Commit, at: Written, { placed, settled }: Found): void {
  const id = stream.slice('order-'.length);
  for (const event of events.map((stored) => order.upcast(stored))) {
    if (event.type === 'OrderPlaced') placed.set(id, { clientOrderId: event.data.clientOrderId, at });
    if (event.type === 'OrderExecuted') settled.set(id, settled.get(id) ?? at);
  }
}

function noteBook({ events }: Commit, at: Written, { trades }: Found): void {
  const outputs = events
    .map(upcastBook)
    .flatMap((event) => (event.type === 'BatchMatched' ? event.data.outputs : []));
  for (const output of outputs) {
    if (output.output !== 'trade') continue;
    trades.push({ taker: output.aggressor === 'buy' ? output.buyOrderId : output.sellOrderId, at });
  }
}

/** Stages of every order that traded as it came in. */
function stages(): readonly TakerStages[] {
  const found: Found = { placed: new Map(), settled: new Map(), trades: [] };
  for (const at of written) {
    for (const commit of at.asked[0]) {
      if (commit.stream.startsWith('order-')) noteOrder(commit, at, found);
      if (commit.stream.startsWith('book-')) noteBook(commit, at, found);
    }
  }
  const { placed, settled, trades } = found;
  return trades.flatMap(({ taker, at }) => {
    const [first, last] = [placed.get(taker), settled.get(taker)];
    if (!first || !last) return [];
    return [
      {
        clientOrderId: first.clientOrderId,
        orderAskedMs: first.at.askedMs,
        orderDoneMs: first.at.doneMs,
        bookAskedMs: at.askedMs,
        bookDoneMs: at.doneMs,
        settleAskedMs: last.askedMs,
        settleDoneMs: last.doneMs,
      },
    ];
  });
}

const everything: Written[] = [];
const inFlight = 64;
let floors = 0;

/** The same appends in the same order on a fresh store, so many at a time; how long those since the last `reset` took. */
async function bare(): Promise<{ readonly appends: number; readonly seconds: number }> {
  floors += 1;
  const fresh = new SqliteEventStore(join(folder, `bare-${floors}`));
  const write = async (all: readonly Written[]): Promise<void> => {
    const waiting = all.values();
    const worker = async (): Promise<void> => {
      for (const { asked } of waiting) await fresh.append(asked[0], asked[1]);
    };
    await Promise.all(Array.from({ length: inFlight }, worker));
  };
  for (const { commit } of begun) await fresh.append([commit], []);
  await write(everything);
  const start = performance.now();
  await write(written);
  const seconds = (performance.now() - start) / 1_000;
  await fresh.close();
  return { appends: written.length, seconds };
}

process.on('message', (asked: 'reset' | 'stages' | 'bare' | 'stop') => {
  answer(asked).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});

async function answer(asked: 'reset' | 'stages' | 'bare' | 'stop'): Promise<object> {
  if (asked === 'reset') {
    everything.push(...written);
    written = [];
    return {};
  }
  await cell.market?.drained();
  if (asked === 'stages') return { stages: stages() };
  if (asked === 'bare') return bare();
  await cell.stop();
  rmSync(folder, { recursive: true, force: true });
  setImmediate(() => process.disconnect());
  return {};
}

process.send?.({ address: cell.address, keys: cell.newKeys });
