import * as fc from 'fast-check';
import type { ExecutionId } from '../../../domain/values/ids.ts';
import { executionId } from '../../../domain/values/ids.ts';
import { price } from '../../../domain/values/price.ts';
import { quantity } from '../../../domain/values/quantity.ts';
import { timestamp } from '../../../domain/values/time.ts';
import { MemoryParking } from '../../../platform/consumer/memory-parking.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { MemoryChunkStore } from '../../../platform/venue/chunk-store.ts';
import { undoTrade } from '../../../platform/venue/undo.ts';
import { Market, TestMarkets } from '../../support/market.ts';
import { cancel, now, replace } from '../../support/order.ts';

/** One thing that happens. Numbers choose among what there is, so that every list of them is a history. */
export type Step =
  | {
      readonly step: 'submit';
      readonly account: number;
      readonly side: 'buy' | 'sell';
      readonly cents: number;
      readonly lots: number;
      readonly kind: 'day' | 'gtc' | 'ioc' | 'fok' | 'market' | 'stop';
    }
  | { readonly step: 'cancel' | 'bust'; readonly which: number }
  | { readonly step: 'replace'; readonly which: number; readonly cents: number; readonly lots: number }
  | { readonly step: 'correct'; readonly which: number; readonly cents: number; readonly lots: number }
  | {
      readonly step:
        | 'pump'
        | 'expire'
        | 'halt'
        | 'resume'
        | 'kill'
        | 'crash'
        | 'redeliver'
        | 'reorder'
        | 'duplicate';
    };

const which = fc.nat(30);
const cents = fc.integer({ min: -8, max: 8 });
const lots = fc.integer({ min: 1, max: 12 });

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record({
        step: fc.constant('submit' as const),
        account: fc.nat(2),
        side: fc.constantFrom('buy', 'sell'),
        cents,
        lots,
        kind: fc.constantFrom('day', 'gtc', 'gtc', 'ioc', 'fok', 'market', 'stop'),
      }),
    },
    { weight: 4, arbitrary: fc.record({ step: fc.constantFrom('cancel', 'bust'), which }) },
    { weight: 4, arbitrary: fc.record({ step: fc.constantFrom('replace', 'correct'), which, cents, lots }) },
    {
      weight: 8,
      arbitrary: fc.record({
        step: fc.constantFrom(
          ...([
            'pump',
            'pump',
            'pump',
            'pump',
            'pump',
            'pump',
            'resume',
            'resume',
            'expire',
            'halt',
          ] as const),
          ...(['kill', 'crash', 'redeliver', 'reorder', 'duplicate'] as const),
        ),
      }),
    },
  ),
  { minLength: 5, maxLength: 30 },
);

/** A world that lives through a history: processes come and go, the store stays. */
export class History {
  readonly store = new MemoryEventStore();
  readonly orderIds: string[] = [];
  market: Market;
  readonly #shared = {
    chunks: new MemoryChunkStore(),
    parking: new MemoryParking(),
    markets: new TestMarkets(),
  };
  #accounts: readonly string[] = [];
  #requests = 0;

  constructor() {
    this.market = this.#process();
  }

  async begin(): Promise<void> {
    const { desk } = this.market;
    this.#accounts = [
      await desk.account(300_000, 60),
      await desk.account(100_000, 60),
      await desk.account(1_000_000, 10),
    ];
  }

  async take(step: Step): Promise<void> {
    const { market } = this;
    const { venue, desk } = market;
    switch (step.step) {
      case 'submit':
        return this.#submit(step);
      case 'cancel':
        return this.#onOrder(step.which, async (id) => desk.command(id, cancel(this.#request())));
      case 'replace': {
        const change = { limitPrice: dollars(step.cents), quantity: String(step.lots) };
        return this.#onOrder(step.which, async (id) => desk.command(id, replace(this.#request(), change)));
      }
      case 'bust':
        return this.#undo(step.which);
      case 'correct':
        return this.#undo(step.which, { price: price(10_000 + step.cents), quantity: quantity(step.lots) });
      case 'pump':
        return market.pump(1 + this.orderIds.length);
      case 'expire':
        return venue.command(
          'ACME',
          [{ input: 'expire-day' }, { input: 'expire-date', now: timestamp(now) }],
          desk.deadline,
        );
      case 'halt':
      case 'resume':
        return venue.command('ACME', [{ input: step.step, by: 'calendar' }], desk.deadline);
      case 'kill':
        return venue.command('ACME', [{ input: 'mass-cancel', reason: 'kill_switch' }], desk.deadline);
      case 'crash':
        this.market = this.#process();
        return undefined;
      case 'redeliver':
        return venue.deliver(await this.#commits(), desk.deadline);
      case 'reorder':
        for (const commit of (await this.#commits()).slice(-12).toReversed())
          await venue.deliver([commit], desk.deadline);
        return undefined;
      case 'duplicate': {
        const commits = (await this.#commits()).slice(-6);
        await Promise.all([1, 2].map(async () => venue.deliver(commits, desk.deadline)));
        return undefined;
      }
    }
  }

  #process(): Market {
    return new Market(this.store, {
      ...this.#shared,
      limits: { inputsMax: 3, outputsMax: 3, snapshotEvery: 6 },
    });
  }

  async #submit({ account, side, cents: offset, lots: size, kind }: Extract<Step, { step: 'submit' }>) {
    const limitPrice = dollars(offset);
    const terms = {
      day: { limitPrice, timeInForce: 'day' },
      gtc: { limitPrice, timeInForce: 'gtc' },
      ioc: { limitPrice, timeInForce: 'ioc' },
      fok: { limitPrice, timeInForce: 'fok' },
      market: { orderType: 'market' },
      stop: { orderType: 'stop', stopPrice: limitPrice },
    } as const;
    const id = this.#accounts[account] ?? '';
    const { orderId } = await this.market.desk.place(id, { side, quantity: String(size), ...terms[kind] });
    this.orderIds.push(orderId);
  }

  async #onOrder(index: number, work: (id: string) => Promise<unknown>): Promise<void> {
    const id = this.orderIds[index % Math.max(1, this.orderIds.length)];
    if (id !== undefined) await work(id);
  }

  async #undo(
    index: number,
    correction?: { price: ReturnType<typeof price>; quantity: ReturnType<typeof quantity> },
  ) {
    const executions = await this.#executions();
    const id = executions[index % Math.max(1, executions.length)];
    if (id === undefined) return;
    const named = { symbol: 'ACME', executionId: id, ...(correction && { correction }) };
    await undoTrade(this.market.venue, this.store, named, this.market.desk.context());
  }

  async #executions(): Promise<readonly ExecutionId[]> {
    const commits = await this.#commits();
    const made = commits
      .flatMap(({ events }) => events)
      .filter(({ type }) => type === 'OrderExecuted' || type === 'ExecutionCorrected');
    return made.map(({ data }) => executionId(String(data['executionId'])));
  }

  async #commits(): Promise<readonly Commit[]> {
    return (await this.store.feed('0', 100_000)).map(({ commit }) => commit);
  }

  #request(): string {
    this.#requests += 1;
    return `request-${this.#requests}`;
  }
}

function dollars(offset: number): string {
  return ((10_000 + offset) / 100).toFixed(2);
}
