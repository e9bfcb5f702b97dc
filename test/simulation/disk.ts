import { StoreFull } from '../../platform/event-store/errors.ts';
import type { Prng } from './prng.ts';
import type { Scheduler } from './scheduler.ts';
import type { Tally } from './tally.ts';
import type { Weather } from './weather.ts';

/** Where the log lies. Now and then it is full for a while, for everybody and for whatever arrives. */
export class Disk {
  readonly #scheduler: Scheduler;
  readonly #weather: Weather;
  readonly #tally: Tally;
  readonly #prng: Prng;
  #fullUntilMs = 0;

  constructor(
    world: { readonly scheduler: Scheduler; readonly weather: Weather; readonly tally: Tally },
    prng: Prng,
  ) {
    this.#scheduler = world.scheduler;
    this.#weather = world.weather;
    this.#tally = world.tally;
    this.#prng = prng;
  }

  /** Throws `StoreFull` while there is no room: then nothing was written. */
  demandRoom(what: string): void {
    const { nowMs } = this.#scheduler;
    if (this.#weather.strikes('disk: full')) this.#fullUntilMs = nowMs + this.#prng.between(20, 2_500);
    if (this.#weather.isCalm || nowMs >= this.#fullUntilMs) return;
    this.#tally.count('disk: refused a write');
    throw new StoreFull(`${what}: the disk is full`);
  }
}
