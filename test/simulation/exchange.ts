import { orderStream } from '../../domain/order/effects.ts';
import type { OrderEvent, VenuePosition } from '../../domain/order/events.ts';
import { orderId } from '../../domain/values/ids.ts';
import { hashOf } from '../../platform/event-store/codec.ts';
import type { Commit, StoredEvent } from '../../platform/event-store/port.ts';
import { demand, LawBroken } from './law.ts';
import type { Prng } from './prng.ts';
import type { Life } from './process.ts';
import { isRetryable } from './consumers.ts';
import type { Sim } from './sim.ts';
import { type Said, Venue } from './venue.ts';

/** One venue with the stream of its reports, and the bus that brings them: late, twice, out of order, or never until the sweep. */
export class Exchange {
  readonly #sim: Sim;
  readonly #symbol: string;
  readonly #stream: string;
  readonly #prng: Prng;
  readonly #venue: Venue;
  readonly #queued = new Set<string>();
  #heard = '0';
  #last: Commit | undefined;
  /** Up to where the reports are known to be applied; survives crashes, and is saved after the work. */
  #applied = 0;
  #tries = 0;

  constructor(sim: Sim, symbol: string) {
    this.#sim = sim;
    this.#symbol = symbol;
    this.#stream = `venue-${symbol}`;
    this.#prng = sim.prng.fork(this.#stream);
    this.#venue = new Venue(symbol, this.#prng);
  }

  async run(): Promise<void> {
    const busy = this.#prng.pick([40, 120, 400]);
    while (!this.#sim.isEnding) {
      await this.#sim.pause(this.#stream, 'trades', this.#prng.between(1, busy));
      await this.#listen();
      const said = Array.from({ length: this.#prng.pick([1, 1, 1, 2, 3]) }, () => this.#venue.act());
      await this.#report(said.filter((one) => one !== undefined));
    }
  }

  /** What waits for the session goes to the venue once it is open. */
  async release(): Promise<void> {
    while (!this.#sim.isEnding) {
      await this.#sim.pause(`${this.#stream}-session`, 'looks', 150);
      if (!this.#sim.market.isOpen(this.#sim.now)) continue;
      const queued = Array.from(this.#queued);
      for (const id of queued) await this.#releaseOne(id);
    }
  }

  /** Redelivers what was lost, until all is applied. */
  async sweep(): Promise<void> {
    while (!this.#sim.isEnding || this.#applied < (this.#last?.version ?? 0)) {
      await this.#sim.pause(`${this.#stream}-sweep`, 'sweeps', 900);
      const head = this.#last?.version ?? 0;
      if (this.#applied < head) await this.#deliver(head);
    }
  }

  async #releaseOne(id: string): Promise<void> {
    this.#queued.delete(id);
    this.#tries += 1;
    await this.#sim.request({
      what: 'release',
      name: `release ${id} ${this.#tries}`,
      stream: orderStream(id),
      actor: { kind: 'system', id: 'session' },
      handle: async (life, stream, context) => life.order(stream, { do: 'release' }, context),
    });
  }

  async #listen(): Promise<void> {
    const entries = await this.#sim.store.feed(this.#heard, this.#prng.between(1, 20));
    for (const { sequence, commit } of entries) {
      this.#heard = sequence;
      if (!commit.stream.startsWith('order-')) continue;
      for (const event of commit.events) this.#hear(commit.stream.slice('order-'.length), event);
    }
  }

  #hear(id: string, stored: StoredEvent): void {
    const event = stored as unknown as OrderEvent;
    if (event.type === 'OrderPlaced' && event.data.contract.symbol !== this.#symbol) return;
    if (event.type === 'OrderPlaced' && event.data.phase === 'received') this.#queued.add(id);
    this.#venue.learn(id, event);
  }

  async #report(said: readonly Said[]): Promise<void> {
    const [first, ...others] = said.map((data) => ({ type: 'Reported', schema: 1, data: { ...data } }));
    if (!first) return;
    const version = (this.#last?.version ?? 0) + 1;
    const commit: Commit = {
      stream: this.#stream,
      version,
      events: [first, ...others],
      commitId: this.#prng.id(),
      at: this.#sim.now,
      actor: { kind: 'venue', id: this.#symbol },
      cell: 'simulated',
      epoch: 1,
      ...(this.#last && { previousHash: hashOf(this.#last) }),
    };
    const { outcome } = await this.#sim.store.append([commit], []);
    demand(outcome === 'appended', 'the simulation', () => `a venue writes its own stream: ${outcome}`);
    this.#last = commit;
    for (const { report } of said) this.#sim.tally.count(`report: ${report.report}`);
    this.#announce(version);
  }

  #announce(version: number): void {
    const { weather } = this.#sim;
    if (weather.strikes('delivery: lost')) return;
    const times = weather.strikes('delivery: twice') ? 2 : 1;
    for (let copy = 1; copy <= times; copy += 1) {
      const late = weather.strikes('delivery: late')
        ? this.#prng.between(50, 3_000)
        : this.#prng.between(1, 10);
      this.#sim.spawn(async () => {
        await this.#sim.pause('network', `${this.#stream}@${version} announced`, late);
        await this.#deliver(version);
      });
    }
  }

  /** To any process, again until one has done it. */
  async #deliver(version: number): Promise<void> {
    for (let times = 1; times <= 200; times += 1) {
      if (version <= this.#applied) {
        this.#sim.tally.count('delivery: dropped');
        return;
      }
      const done = await this.#sim
        .process()
        .ask(async (life) => this.#consume(life, version))
        .then(
          () => true,
          (error: unknown) => {
            if (error instanceof LawBroken) throw error;
            if (!isRetryable(error)) throw new LawBroken('nothing unexpected is thrown', this.#stream, error);
            return false;
          },
        );
      if (done) return;
      await this.#sim.pause('network', `${this.#stream}@${version} again`, this.#prng.between(5, 200));
    }
    throw new LawBroken('who keeps asking gets an answer', `${this.#stream}@${version} delivered 200 times`);
  }

  /** The rule for every consumer: drop what was applied, read what is missing up to what was announced, apply all in order. */
  async #consume(life: Life, version: number): Promise<void> {
    const from = this.#applied + 1;
    const commits = await life.store.read(this.#stream, from, life.deadlineIn(3_000));
    for (const commit of commits.filter((one) => one.version <= version)) {
      // Another delivery was faster; now and then done again all the same, as if it were not known yet.
      if (commit.version <= this.#applied && this.#prng.chance(0.8)) continue;
      for (const [index, event] of commit.events.entries())
        await this.#apply(life, { stream: this.#stream, version: commit.version, index }, event);
      await this.#sim.pause(life.owner, `${this.#stream} applied up to ${commit.version}`, 1);
      this.#applied = Math.max(this.#applied, commit.version);
    }
  }

  async #apply(life: Life, position: VenuePosition, event: StoredEvent): Promise<void> {
    const said = event.data as unknown as Said;
    const stream = orderStream(orderId(said.orderId));
    const name = `${position.stream}@${position.version}/${position.index}`;
    this.#tries += 1;
    const outcome = await life.order(
      stream,
      { do: 'apply-report', position, report: said.report },
      {
        actor: { kind: 'venue', id: this.#symbol },
        deadline: life.deadlineIn(3_000),
        correlationId: name,
        causationId: `${name}~${this.#tries}`,
      },
    );
    this.#sim.tally.count(`report outcome: ${outcome.outcome}`);
    this.#sim.auditor.checkReportAnswer({ stream, outcome }, position);
  }
}
