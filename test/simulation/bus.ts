import type { Commit } from '../../platform/event-store/port.ts';
import { exitDueType } from '../../platform/linked-orders/exit-consumer.ts';
import { ChangeFeed } from './change-feed.ts';
import { type ConsumerName, consumerNames } from './consumers.ts';
import { demand } from './law.ts';
import type { Prng } from './prng.ts';
import type { Sim } from './sim.ts';

/** After that the bus gives up, and the sweep has to bring it. */
const triesMax = 6;
const batchMax = 4;

/**
 * What carries commits to consumers: to any process, as often as one has done it or it gives up. Late, twice, out of order, or never;
 * the last one too, after which nothing shows that anything is missing.
 */
export class Bus {
  readonly #sim: Sim;
  readonly #prng: Prng;
  readonly #seen: Commit[] = [];
  /** Gathered for the next batch. */
  readonly #gathered = new Map<ConsumerName, Commit[]>();
  readonly #downUntil = new Map<ConsumerName, number>();
  readonly #feed: ChangeFeed;
  readonly #taken = new Set<string>();
  #underWay = 0;

  constructor(sim: Sim) {
    this.#sim = sim;
    this.#prng = sim.prng.fork('bus');
    this.#feed = new ChangeFeed(sim);
    sim.bus = this;
  }

  /** Whether anything is on its way, from the log or to a consumer. */
  get isBusy(): boolean {
    return this.#underWay > 0 || !this.#feed.isEmpty;
  }

  /** Is in the log. */
  announce(commit: Commit): void {
    this.#seen.push(commit);
    this.#feed.add(commit);
  }

  /** Throws when the relay let something fall: a bus may lose what it took, a relay nothing. */
  checkEnd(): void {
    for (const { commitId, stream, version } of this.#seen)
      demand(this.#taken.has(commitId), 'every commit reaches the bus', () => `${stream}@${version} did not`);
  }

  /** Was published. */
  take(commit: Commit): void {
    const { weather } = this.#sim;
    this.#taken.add(commit.commitId);
    for (const name of consumerNames) {
      if (!this.#takes(name, commit) || weather.strikes('delivery: lost')) continue;
      const isLate = weather.strikes('delivery: late');
      if (isLate) this.#send(name, [commit], this.#prng.between(50, 3_000));
      if (!isLate || weather.strikes('delivery: twice')) this.#gather(name, commit);
      if (weather.strikes('delivery: all over again')) this.#again(name);
    }
  }

  /** Who writes at the same time is delivered together, in no order. */
  #gather(name: ConsumerName, commit: Commit): void {
    const known = this.#gathered.get(name);
    if (known) {
      known.splice(this.#prng.between(0, known.length), 0, commit);
      return;
    }
    const gathered = [commit];
    this.#gathered.set(name, gathered);
    this.#send(name, gathered, this.#prng.between(1, this.#prng.pick([5, 60])));
  }

  /** As when somebody replays a dead-letter queue: old ones, in any order. */
  #again(name: ConsumerName): void {
    const some = Array.from({ length: batchMax }, () => this.#prng.any(this.#seen));
    const commits = some.filter((one) => one !== undefined).filter((one) => this.#takes(name, one));
    this.#send(name, commits, this.#prng.between(1, 200));
  }

  #takes(name: ConsumerName, { stream, events }: Commit): boolean {
    // What the rule of the bus lets through to it.
    if (name === 'linked-orders' && !events.some(({ type }) => type === exitDueType)) return false;
    const life = this.#sim.processes.find((process) => process.life)?.life;
    return life?.consumers.byName[name].takes(stream) ?? true;
  }

  #send(name: ConsumerName, commits: readonly Commit[], afterMs: number): void {
    this.#underWay += 1;
    this.#sim.spawn(async () => {
      await this.#sim.pause('network', `to ${name}`, afterMs);
      if (this.#gathered.get(name) === commits) this.#gathered.delete(name);
      const what = `${commits.map(({ stream, version }) => `${stream}@${version}`).join(' ')} to ${name}`;
      await this.#deliver(name, commits, what);
      this.#underWay -= 1;
    });
  }

  async #deliver(name: ConsumerName, commits: readonly Commit[], what: string): Promise<void> {
    const { weather, tally, scheduler } = this.#sim;
    for (let times = 1; times <= triesMax; times += 1) {
      if (weather.strikes('consumer: down'))
        this.#downUntil.set(name, scheduler.nowMs + this.#prng.between(500, 6_000));
      const isDown = !weather.isCalm && scheduler.nowMs < (this.#downUntil.get(name) ?? 0);
      if (weather.strikes('delivery: given up')) return;
      const isDone =
        !isDown &&
        (await this.#sim.attempt(what, (life) =>
          life.consumers.byName[name].deliver(commits, life.deadlineIn(3_000)),
        ));
      if (isDone) return tally.count(`delivered: ${name}`);
      await this.#sim.pause('network', `${what} again`, this.#prng.between(20, 300 * times));
    }
    tally.count(`undelivered: ${name}`);
  }
}
