import { execFileSync } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CellProcess, startCellProcess } from '../bench/cell-process.ts';
import { mustAnswer } from './call.ts';
import type { People } from './clients.ts';
import type { Holder } from './memory.ts';
import { gather } from './people.ts';
import { checkLog, type LogReport } from './trading/log-check.ts';
import { EventStream } from './trading/stream.ts';
import { symbols, Traders } from './trading/traders.ts';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '50' } } });
const kills = Number(values.kills);
const root = join(import.meta.dirname, '..', '..');
const accounts = 6;
/** More than all of them can sell each other; transfers of more take a second person. */
const shares = 9_000;
const feePpm = 100;
const quietMs = 1_500;
const quietRoundsMax = 40;

/** Kills a cell again and again while its clients trade with each other, and holds both sides of every trade to what was told. */
class TradingCrash {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ordercell-crash-'));
  readonly #data = join(this.#folder, 'data');
  readonly #violations: string[] = [];
  readonly #violated = (what: string) => {
    this.#violations.push(what);
  };
  #streams: readonly { readonly holder: Holder; readonly stream: EventStream }[] = [];
  #cell: CellProcess | undefined;

  async run(): Promise<boolean> {
    try {
      const cell = await this.#start();
      const people = await gather(cell, accounts);
      for (const holder of people.holders) await giveShares(cell, people, holder);
      this.#streams = people.holders.map((holder) => ({
        holder,
        stream: new EventStream(holder, this.#violated),
      }));
      const traders = new Traders(people.holders, this.#violated);
      for (let kill = 1; kill <= kills; kill += 1) {
        await this.#kill(traders);
        if (kill % 10 === 0)
          console.log(`${kill} kills: ${traders.placed.size} orders, ${this.#violations.length} violations`);
      }
      await this.#quiet();
      await this.#verifyOrders(traders);
      await this.#verifyMoney(people, await this.#logOf(true));
      await this.#end();
      this.#reconcile();
      return this.#summary(traders, await this.#logOf(true));
    } finally {
      await this.#end();
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }

  async #kill(traders: Traders): Promise<void> {
    const cell = this.#cell;
    if (!cell) throw new Error('a cell is running');
    for (const { stream } of this.#streams) stream.resume(cell.address);
    traders.start(cell.address);
    await sleep(200 + randomInt(1_300));
    await this.#end();
    await traders.stop();
    await this.#logOf(false);
    await traders.settle((await this.#start()).address);
  }

  async #start(): Promise<CellProcess> {
    this.#cell = await startCellProcess({ folder: this.#data, venue: 'internal' });
    return this.#cell;
  }

  async #end(): Promise<void> {
    await this.#cell?.kill();
    for (const { stream } of this.#streams) await stream.stop();
  }

  async #logOf(isSettled: boolean): Promise<LogReport> {
    const report = await checkLog(this.#data, symbols, isSettled);
    for (const finding of report.findings) this.#violated(finding);
    return report;
  }

  /** Until no stream has had anything new for a while. */
  async #quiet(): Promise<void> {
    const address = this.#cell?.address ?? '';
    for (const { stream } of this.#streams) stream.resume(address);
    let before = -1;
    for (let round = 0; round < quietRoundsMax; round += 1) {
      await sleep(quietMs);
      const now = this.#streams.reduce((sum, { stream }) => sum + stream.last, 0);
      if (now === before) return;
      before = now;
    }
    this.#violated('the streams do not come to rest');
  }

  async #verifyOrders({ placed }: Traders): Promise<void> {
    for (const { holder, name, id } of placed.values()) {
      const call = { method: 'GET', path: `/v2/orders/${id}`, as: holder.trader } as const;
      const { status, body } = await mustAnswer(this.#cell?.address ?? '', call);
      if (status !== 200 || body['client_order_id'] !== name)
        this.#violated(`acknowledged order ${name} is gone: ${status}`);
    }
  }

  /** Every execution of the log was told once, to its own client; cash and shares are what that client counts. */
  async #verifyMoney({ operator }: People, { executions }: LogReport): Promise<void> {
    const told = this.#streams.reduce((sum, { stream }) => sum + stream.executions.size, 0);
    if (told !== executions.size)
      this.#violated(`${executions.size} executions in orders, ${told} told by streams`);
    for (const { holder, stream } of this.#streams) {
      const address = this.#cell?.address ?? '';
      const path = `/v1/accounts/${holder.accountId}`;
      const { body } = await mustAnswer(address, { method: 'GET', path, as: operator });
      const expected = cashOf(holder, stream, executions);
      if (Math.round(Number(body['cash']) * 100) !== expected)
        this.#violated(
          `${holder.accountId} has ${String(body['cash'])}, its client counts ${expected / 100}`,
        );
      const { list } = await mustAnswer(address, { method: 'GET', path: `${path}/positions`, as: operator });
      for (const symbol of symbols) {
        const has = Number(list.find((position) => position['symbol'] === symbol)?.['qty'] ?? 0);
        const bought = [...stream.executions.values()].filter((one) => one.symbol === symbol);
        const wanted = bought.reduce((sum, { side, lots }) => sum + (side === 'buy' ? lots : -lots), shares);
        if (has !== wanted)
          this.#violated(`${holder.accountId} has ${has} ${symbol}, its client counts ${wanted}`);
      }
    }
  }

  #reconcile(): void {
    const words = [join(root, 'local', 'reconcile.ts'), '--data', this.#data];
    try {
      console.log(
        `reconcile: ${execFileSync(process.execPath, words, { encoding: 'utf8' }).trim().split('\n').at(-1)}`,
      );
    } catch (error) {
      this.#violated(`reconcile found differences: ${String(Object(error).stdout)}`);
    }
  }

  #summary({ placed, acknowledged }: Traders, { trades, executions }: LogReport): boolean {
    console.log(`
${kills} kills while trading: ${acknowledged} acknowledged answers, ${placed.size} orders
${trades} trades, ${executions.size} executions, each in its order once and told once
${this.#violations.length} violations`);
    for (const violation of this.#violations.slice(0, 20)) console.error(`VIOLATION: ${violation}`);
    return this.#violations.length === 0;
  }
}

/** Cents: what came in, less what was bought, plus what was sold, less the fees of each order, rounded up. */
function cashOf(holder: Holder, { executions }: EventStream, log: LogReport['executions']): number {
  let cash = holder.transferred;
  const traded = new Map<string, number>();
  for (const { executionId, side, lots, priceCents } of executions.values()) {
    cash += side === 'buy' ? -lots * priceCents : lots * priceCents;
    const orderId = log.get(executionId)?.orderId ?? '';
    traded.set(orderId, (traded.get(orderId) ?? 0) + lots * priceCents);
  }
  for (const amount of traded.values()) cash -= Math.ceil((amount * feePpm) / 1_000_000);
  return cash;
}

async function giveShares(cell: CellProcess, { operator }: People, holder: Holder): Promise<void> {
  for (const symbol of symbols) {
    const path = `/v1/accounts/${holder.accountId}/transfers`;
    const body = { direction: 'INCOMING', symbol, qty: String(shares) };
    const answer = await mustAnswer(cell.address, {
      method: 'POST',
      path,
      as: operator,
      key: randomUUID(),
      body,
    });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status}`);
  }
}

async function sleep(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

process.exitCode = (await new TradingCrash().run()) ? 0 : 1;
