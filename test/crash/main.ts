import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CellProcess } from '../bench/cell-process.ts';
import { Clients, type People } from './clients.ts';
import { Killing, type Machine } from './machine.ts';
import { Memory, type RememberedOrder } from './memory.ts';
import { gather } from './people.ts';
import { Prng } from '../simulation/prng.ts';
import { Powerless } from './power/machine.ts';
import { verifyAccount, verifyOrders, verifyTransfers } from './verify.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    power: { type: 'string' },
    seed: { type: 'string', default: String(randomInt(2 ** 32)) },
    'without-sync': { type: 'boolean', default: false },
    accounts: { type: 'string', default: '12' },
    'ready-within': { type: 'string', default: '2000' },
  },
});
/** Losses of power instead of kills. */
const isPower = values.power !== undefined;
const deaths = Number(values.power ?? values.kills);
/** The cell's syncs do nothing, and the run is right when it finds what that loses. */
const withoutSync = values['without-sync'];
/** Milliseconds. The promise is two seconds; CI looks for lost answers on machines whose speed says nothing, and allows more. */
const readyMaxMs = Number(values['ready-within']);
/** Of a new cell, each ended while it makes its folder. */
const firstStartsMax = 8;
const killMaxMs = 120_000;
const root = join(import.meta.dirname, '..', '..');

/** Kills a cell again and again in the middle of what its clients do, and holds it to every answer it gave. */
class CrashTest {
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), 'ordercell-crash-')));
  readonly #data = join(this.#folder, 'data');
  readonly #memory = new Memory();
  readonly #readyMs: number[] = [];
  readonly #prng = new Prng(values.seed);
  readonly #chance = (below: number) => this.#prng.between(0, below - 1);
  readonly #machine = this.#newMachine();
  #died = 0;
  #cell: CellProcess | undefined;

  async run(): Promise<boolean> {
    try {
      return withoutSync ? await this.#isCaught() : await this.#everyDeath();
    } finally {
      await this.#cell?.kill();
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }

  async #everyDeath(): Promise<boolean> {
    for (let start = 0; start < Math.min(deaths, firstStartsMax); start += 1)
      await this.#machine.startAndDie();
    const people = await gather(await this.#start(), Number(values.accounts));
    const clients = new Clients(this.#memory, people);
    while (this.#died < deaths) {
      await withinTime(`${this.#machine.death} ${this.#died + 1}`, async () => this.#die(clients));
      this.#progress();
    }
    await this.#verifyAll(people);
    if (this.#cell) await this.#machine.end(this.#cell);
    this.#check('reconcile.ts');
    this.#check('verify.ts');
    return this.#summary();
  }

  /** The first thing that is not as it was acknowledged ends the run: from there on everything may be. */
  async #isCaught(): Promise<boolean> {
    const people = await gather(await this.#start(), Number(values.accounts));
    const clients = new Clients(this.#memory, people);
    while (this.#died < deaths && this.#memory.violations.length === 0) {
      try {
        await withinTime(`${this.#machine.death} ${this.#died + 1}`, async () => this.#die(clients));
      } catch (error) {
        this.#memory.violated(error instanceof Error ? error.message : String(error));
      }
    }
    const [first = 'NOTHING, although no sync was done: this run would not see a cell that loses orders'] =
      this.#memory.violations;
    console.log(`without sync, ${this.#died} losses of power; found: ${first}`);
    return this.#memory.violations.length > 0;
  }

  #newMachine(): Machine {
    const [chance, data] = [this.#chance, this.#data];
    if (!isPower) return new Killing(data, chance);
    return new Powerless({ folder: this.#folder, data, chance, withoutSync });
  }

  /** Load, death at some moment of it, start on the same folder, then every answer since the last death is looked up. */
  async #die(clients: Clients): Promise<void> {
    const cell = this.#cell;
    if (!cell) throw new Error('a cell is running');
    const { touched } = this.#memory;
    touched.clear();
    this.#died += 1;
    clients.start(cell.address);
    await sleep(50 + this.#chance(600));
    await this.#machine.end(cell);
    await clients.stop();
    if (this.#chance(5) === 0) await this.#machine.startAndDie();
    const next = await this.#start();
    await verifyOrders(next.address, this.#memory, this.#settled(touched));
    if (withoutSync && this.#memory.violations.length > 0) return;
    await clients.settle(next.address);
    const others = sample([...this.#memory.orders.values()], 50);
    await verifyOrders(next.address, this.#memory, [...touched, ...others]);
  }

  /** What was acknowledged must be there before anything is sent again; of what was in the air nobody knows. */
  #settled(orders: ReadonlySet<RememberedOrder>): readonly RememberedOrder[] {
    const inTheAir = new Set(this.#memory.unsettled.map(({ call }) => call.path.split('/')[3]));
    return [...orders].filter(({ id }) => !inTheAir.has(id));
  }

  async #start(): Promise<CellProcess> {
    const startMs = performance.now();
    const cell = await this.#machine.start();
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
  #check(command: 'reconcile.ts' | 'verify.ts'): void {
    const words = [join(root, 'local', command), '--data', this.#data];
    try {
      const text = execFileSync(process.execPath, words, { encoding: 'utf8', timeout: killMaxMs });
      const lines = text.split('\n').filter((line) => /differences|findings/.test(line));
      console.log(`${command.replace('.ts', '')}: ${lines.join('; ').replace(this.#data, 'its folder')}`);
    } catch (error) {
      const { stdout, stderr } = Object(error);
      this.#memory.violated(`${command} found: ${String(stdout)}${String(stderr)}`);
    }
  }

  #progress(): void {
    if (this.#died % 10 !== 0 && this.#died !== deaths) return;
    const { acknowledged, orders, violations } = this.#memory;
    const done = this.#deathsText();
    console.log(`${done}: ${acknowledged} answers, ${orders.size} orders, ${violations.length} violations`);
  }

  #deathsText(): string {
    return isPower ? `${this.#died} losses of power` : `${this.#died} kills`;
  }

  #summary(): boolean {
    const { orders, executions, cancels, transfers, acknowledged, foundDone, violations } = this.#memory;
    const counts = `${orders.size} orders, ${executions} executions, ${cancels} cancels, ${transfers.length} transfers`;
    console.log(`
${this.#deathsText()} under load: ${this.#machine.summary()}
${acknowledged} acknowledged answers: ${counts}
${foundDone} of those sent again had been done before the crash, unacknowledged, and were not done twice
ready again after ${Math.round(Math.max(...this.#readyMs))} ms at most, ${Math.round(median(this.#readyMs))} ms in the middle
${violations.length} violations; seed ${values.seed}`);
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
