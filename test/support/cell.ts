import { type Cell, type CellOptions, startCell } from '../../local/cell.ts';
import type { DemoKey } from '../../local/demo.ts';
import { readSeed } from '../../local/seed.ts';
import { type Deadline, deadlineIn } from '../../platform/deadline/deadline.ts';
import { type Answer, type Ask, askAt } from './ask.ts';

export type { Answer, Ask } from './ask.ts';
import { SettableClock } from './settable-clock.ts';

/** A Monday on which New York is open: 10:00 there. */
export const tradingHours = '2026-11-23T15:00:00Z';

/** A cell for tests: in memory unless told otherwise, on a clock of the test's own, with what tests ask of it all the time. */
export class TestCell {
  readonly cell: Cell;
  readonly clock: SettableClock;
  readonly #keys: readonly DemoKey[];

  constructor(cell: Cell, clock: SettableClock) {
    this.cell = cell;
    this.clock = clock;
    this.#keys = cell.newKeys ?? [];
  }

  get address(): string {
    return this.cell.address;
  }

  key(name: 'first' | 'second' | 'administrator'): DemoKey {
    const key = this.#keys.find((one) => one.name === name);
    if (!key) throw new TypeError(`there is no demo key ${name}`);
    return key;
  }

  /** A key of another person, issued by the administrator. */
  async issue(grant: Readonly<Record<string, string>>): Promise<DemoKey> {
    const { body } = await this.ask(this.key('administrator'), 'POST /v1/keys', { body: grant });
    return { name: '', role: grant['role'] ?? '', keyId: String(body['id']), secret: String(body['secret']) };
  }

  /** `route`: method and path. A text body goes out as it is. Whatever comes back has to be what the OpenAPI document says. */
  ask(key: DemoKey | undefined, route: string, ask: Ask = {}): Promise<Answer> {
    return askAt(this.address, key, route, ask);
  }

  /** An order that goes through unless `changes` say otherwise. */
  place(changes: Readonly<Record<string, unknown>> = {}, key = this.key('first')): Promise<Answer> {
    const body = {
      symbol: 'ALFA',
      qty: '10',
      side: 'buy',
      type: 'limit',
      limit_price: '100',
      time_in_force: 'day',
    };
    return this.ask(key, 'POST /v2/orders', { body: { ...body, ...changes } });
  }

  deadline(): Deadline {
    return deadlineIn(15_000, this.cell.dependencies.clock);
  }

  stop(): Promise<void> {
    return this.cell.stop();
  }
}

export type StartTestCell = (options?: Partial<CellOptions>) => Promise<TestCell>;

export const startTestCell: StartTestCell = async (options = {}) => {
  const clock = new SettableClock(tradingHours);
  return new TestCell(
    await startCell({ store: { kind: 'memory' }, port: 0, clock, venue: 'off', ...options }),
    clock,
  );
};

type Document = Record<string, unknown>;

/**
 * The seeded config with some of it changed, by path: `limits.accounts.default.openOrdersMax`. `undefined` takes out. Without what the
 * demo's liquidity providers have of their own: what is changed for all accounts is changed once.
 */
export function configWith(changes: Readonly<Record<string, unknown>>): unknown {
  const config = structuredClone(readSeed().config) as Document;
  const everyone = { 'limits.accounts.byId': {}, 'surveillance.byAccount': {} };
  for (const [path, value] of Object.entries({ ...everyone, ...changes })) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    let target = config;
    for (const name of names) target = target[name] as Document;
    if (value === undefined) Reflect.deleteProperty(target, last);
    else target[last] = value;
  }
  return config;
}
