import type { ComposedSchedule } from '../functions/compose-schedules.ts';

/** Calls `work` again and again until told to stop. */
export type Repeat = (everyMs: number, work: () => void) => () => void;

/** Told of each turn that failed; the function runs again in its time. Must not throw. */
type OnFailure = (name: string, error: unknown) => void;

/** Keeps no process alive. */
const onTimer: Repeat = (everyMs, work) => {
  const timer = setInterval(work, everyMs);
  timer.unref();
  return () => clearInterval(timer);
};

/** One schedule: how to stop it, and its turn in work, or the last one. */
interface Running {
  readonly stop: () => void;
  isWorking: boolean;
  turn: Promise<void>;
}

/** The functions of the manifest that a clock wakes, in this process. One that takes longer than its period misses a turn. */
export class Schedules {
  readonly #schedules: readonly ComposedSchedule[];
  readonly #onFailure: OnFailure;
  readonly #repeat: Repeat;
  #running: readonly Running[] = [];

  constructor(schedules: readonly ComposedSchedule[], onFailure: OnFailure, repeat: Repeat = onTimer) {
    this.#schedules = schedules;
    this.#onFailure = onFailure;
    this.#repeat = repeat;
  }

  start(): void {
    this.#running = this.#schedules.map((schedule) => {
      const work = () => {
        if (!running.isWorking) running.turn = this.#take(schedule, running);
      };
      const everyMs = schedule.entry.trigger.everyMinutes * 60_000;
      const running = { stop: this.#repeat(everyMs, work), isWorking: false, turn: Promise.resolve() };
      return running;
    });
  }

  /** Finishes what is in work. */
  async stop(): Promise<void> {
    for (const { stop } of this.#running) stop();
    await Promise.all(this.#running.map(({ turn }) => turn));
  }

  async #take({ entry, run }: ComposedSchedule, running: Running): Promise<void> {
    running.isWorking = true;
    try {
      await run();
    } catch (error) {
      this.#onFailure(entry.name, error);
    } finally {
      running.isWorking = false;
    }
  }
}
