import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CellProcess, startCellProcess } from '../bench/cell-process.ts';
import { Clients, type People } from './clients.ts';
import { Memory, type RememberedOrder } from './memory.ts';
import { gather } from './people.ts';
import { verifyAccount, verifyOrders, verifyTransfers } from './verify.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    accounts: { type: 'string', default: '12' },
    'ready-within': { type: 'string', default: '2000' },
  },
});
const kills = Number(values.kills);
/** Milliseconds. The promise is two seconds; CI looks for lost answers on machines whose speed says nothing, and allows more. */
const readyMaxMs = Number(values['ready-within']);
const killMaxMs = 120_000;
const root = join(import.meta.dirname, '..', '..');

/** Kills a cell again and again in the middle of what its clients do, and holds it to every answer it gave. */
class CrashTest {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ordercell-crash-'));
  readonly #data = join(this.#folder, 'data');
  readonly #memory = new Memory();
  readonly #readyMs: number[] = [];
  #startsKilled = 0;
  #cell: CellProcess | undefined;

  async run(): Promise<boolean> {
    try {
      const first = await this.#start();
      const people = await gather(first, Number(values.accounts));
      const clients = new Clients(this.#memory, people);
      for (let kill = 1; kill <= kills; kill += 1) {
        await withinTime(`kill ${kill}`, async () => this.#kill(clients));
        this.#progress(kill);
      }
      await this.#verifyAll(people);
      await this.#cell?.kill();
      this.#reconcile();
      return this.#summary();
    } finally {
      await this.#cell?.kill();
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }

  /** Load, death at some moment of it, start on the same folder, then every answer since the last death is looked up. */
  async #kill(clients: Clients): Promise<void> {
    const cell = this.#cell;
    if (!cell) throw new Error('a cell is running');
    const { touched } = this.#memory;
    touched.clear();
    clients.start(cell.address);
    await sleep(50 + randomInt(600));
    await cell.kill();
    await clients.stop();
    if (randomInt(5) === 0) await this.#startAndKill();
    const next = await this.#start();
    await verifyOrders(next.address, this.#memory, this.#settled(touched));
    await clients.settle(next.address);
    const others = sample([...this.#memory.orders.values()], 50);
    await verifyOrders(next.address, this.#memory, [...touched, ...others]);
  }

  /** What was acknowledged must be there before anything is sent again; of what was in the air nobody knows. */
  #settled(orders: ReadonlySet<RememberedOrder>): readonly RememberedOrder[] {
    const inTheAir = new Set(this.#memory.unsettled.map(({ call }) => call.path.split('/')[3]));
    return [...orders].filter(({ id }) => !inTheAir.has(id));
  }

  /** Death while starting, which is when recovery is at work. */
  async #startAndKill(): Promise<void> {
    this.#startsKilled += 1;
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20 + randomInt(400)).unref();
    await startCellProcess({ folder: this.#data, killOn: controller.signal }).then(
      async (cell) => cell.kill(),
      () => undefined,
    );
  }

  async #start(): Promise<CellProcess> {
    const startMs = performance.now();
    const cell = await startCellProcess({ folder: this.#data });
    this.#cell = cell;
    while (!(await isReady(cell.address))) {
      if (performance.now() - startMs > killMaxMs) throw new Error('the cell does not get ready');
      await sleep(5);
    }
    const tookMs = performance.now() - startMs;
    this.#readyMs.push(tookMs);
    if (tookMs > readyMaxMs) this.#memory.violated(`ready only after ${Math.round(tookMs)} ms`);
    return cell;
  }

  async #verifyAll({ holders, operator }: People): Promise<void> {
    const cell = this.#cell;
    if (!cell) throw new Error('a cell is running');
    await verifyOrders(cell.address, this.#memory, [...this.#memory.orders.values()]);
    await verifyTransfers(cell.address, this.#memory, operator);
    for (const holder of holders) await verifyAccount(cell.address, this.#memory, holder, operator);
  }

  /** On the folder of a cell that was killed, not stopped. */
  #reconcile(): void {
    const words = [join(root, 'local', 'reconcile.ts'), '--data', this.#data];
    try {
      const text = execFileSync(process.execPath, words, { encoding: 'utf8', timeout: killMaxMs });
      console.log(`reconcile: ${text.trim().split('\n').at(-1)}`);
    } catch (error) {
      const { stdout, stderr } = Object(error);
      this.#memory.violated(`reconcile found differences: ${String(stdout)}${String(stderr)}`);
    }
  }

  #progress(kill: number): void {
    if (kill % 10 !== 0 && kill !== kills) return;
    const { acknowledged, orders, violations } = this.#memory;
    console.log(
      `${kill} kills: ${acknowledged} answers, ${orders.size} orders, ${violations.length} violations`,
    );
  }

  #summary(): boolean {
    const { orders, executions, cancels, transfers, acknowledged, foundDone, violations } = this.#memory;
    const counts = `${orders.size} orders, ${executions} executions, ${cancels} cancels, ${transfers.length} transfers`;
    console.log(`
${kills} kills under load, ${this.#startsKilled} more while starting
${acknowledged} acknowledged answers: ${counts}
${foundDone} of those sent again had been done before the crash, unacknowledged, and were not done twice
ready again after ${Math.round(Math.max(...this.#readyMs))} ms at most, ${Math.round(median(this.#readyMs))} ms in the middle
${violations.length} violations`);
    for (const violation of violations.slice(0, 20)) console.error(`VIOLATION: ${violation}`);
    return violations.length === 0;
  }
}

async function isReady(address: string): Promise<boolean> {
  const response = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(readyMaxMs) }).catch(
    () => undefined,
  );
  await response?.text();
  return response?.status === 200;
}

async function withinTime(what: string, work: () => Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what} took more than ${killMaxMs} ms`)), killMaxMs);
  try {
    await Promise.race([work(), promise]);
  } finally {
    clearTimeout(timer);
  }
}

function sample<One>(all: readonly One[], count: number): readonly One[] {
  return Array.from({ length: Math.min(count, all.length) }, () => all[randomInt(all.length)]).filter(
    (one) => one !== undefined,
  );
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

async function sleep(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

process.exitCode = (await new CrashTest().run()) ? 0 : 1;
