import type { Bus } from './bus.ts';
import { demand } from './law.ts';
import type { Prng } from './prng.ts';
import type { Life, Process } from './process.ts';
import type { Sim } from './sim.ts';

type Work = (life: Life) => Promise<unknown>;

const roundsMax = 60;
/** Longer than the sweep's grace and what clocks may differ by: `clockOffMaxMs` in either direction. */
const roundMs = 2_000;
const triesMax = 40;

/** What the clock starts, in any process: the sweep, the calendar, the kill switch, halts that come with a config. */
export class Schedules {
  readonly #sim: Sim;
  readonly #bus: Bus;
  readonly #prng: Prng;
  #isAtRest = false;

  constructor(sim: Sim, bus: Bus) {
    this.#sim = sim;
    this.#bus = bus;
    this.#prng = sim.prng.fork('schedules');
  }

  get isAtRest(): boolean {
    return this.#isAtRest;
  }

  start(): void {
    const loops: readonly (readonly [what: string, mostMs: number, work: Work])[] = [
      ['sweep', 1_500, (life) => this.#sweep(life)],
      ['sessions', 900, (life) => life.consumers.sessions.run(life.deadlineIn(3_000))],
      ['enforcement', 1_200, (life) => life.consumers.enforcement.pass(life.deadlineIn(3_000))],
      ['redrive', 2_500, (life) => life.consumers.relay.redrive(life.deadlineIn(3_000))],
      ['alignment', 1_000, (life) => life.consumers.venue.align(life.deadlineIn(3_000))],
    ];
    for (const [what, mostMs, work] of loops) this.#sim.spawn(async () => this.#repeat(what, mostMs, work));
    this.#sim.spawn(async () => this.#settle());
  }

  async #repeat(what: string, mostMs: number, work: Work): Promise<void> {
    while (!this.#sim.isEnding) {
      await this.#sim.pause(`schedule ${what}`, 'waits', this.#prng.between(mostMs / 5, mostMs));
      if (!this.#sim.isEnding && (await this.#sim.attempt(what, work))) this.#sim.tally.count(`ran: ${what}`);
    }
  }

  async #sweep(life: Life): Promise<void> {
    for (const { consumer, behind } of await life.consumers.sweeper.run())
      if (behind > 0) this.#sim.tally.count(`swept: ${consumer}`, behind);
  }

  /** Once nobody asks for anything any more: round after round of all of it, until a whole round has changed nothing. Books open and close for ever. */
  async #settle(): Promise<void> {
    const sim = this.#sim;
    for (let round = 1; !this.#isAtRest; round += 1) {
      await sim.pause('schedule end', 'waits', roundMs);
      if (!sim.isEnding || sim.unanswered > 0 || this.#bus.isBusy) {
        round -= 1;
        continue;
      }
      demand(round <= roundsMax, 'everything comes to rest', () => `${roundsMax} rounds and still news`);
      const before = sim.auditor.log.sizeBesideBooks;
      const isWhole = await this.#round();
      await sim.pause('schedule end', 'looks', 50);
      this.#isAtRest = isWhole && sim.auditor.log.sizeBesideBooks === before && !this.#bus.isBusy;
    }
  }

  async #round(): Promise<boolean> {
    const { processes } = this.#sim;
    for (const process of processes) {
      await this.#must('alignment', (life) => life.consumers.venue.align(life.deadlineIn(10_000)), process);
      await this.#must('enforcement', (life) => this.#enforce(life), process);
    }
    await this.#must('sessions', (life) => life.consumers.sessions.run(life.deadlineIn(10_000)));
    let news = 0;
    await this.#must('redrive', async (life) => {
      const { restored, parked } = await life.consumers.relay.redrive(life.deadlineIn(10_000));
      // What goes out now comes to lists that this round has looked at already.
      news += restored + parked;
    });
    let isComplete = false;
    await this.#must('sweep', async (life) => {
      const reports = await life.consumers.sweeper.run();
      isComplete = reports.length === 5 && reports.every((one) => one.isComplete && one.behind === 0);
      for (const { consumer, behind } of reports) this.#sim.tally.count(`swept: ${consumer}`, behind);
    });
    return isComplete && news === 0;
  }

  async #enforce(life: Life): Promise<void> {
    const { failed } = await life.consumers.enforcement.pass(life.deadlineIn(10_000));
    demand(failed.length === 0, 'nothing unexpected is thrown', () => JSON.stringify(failed));
  }

  async #must(what: string, work: Work, process?: Process): Promise<void> {
    for (let times = 1; times <= triesMax; times += 1) {
      if (await this.#sim.attempt(what, work, process)) return;
      await this.#sim.pause('schedule end', `${what} again`, 300);
    }
    demand(false, 'everything comes to rest', () => `${what} was tried ${triesMax} times`);
  }
}
