import { isSettled } from '../auditor/door-laws.ts';
import { isRetryable } from '../consumers.ts';
import { demand, LawBroken } from '../law.ts';
import type { Prng } from '../prng.ts';
import type { Sim } from '../sim.ts';
import type { Errand } from './errand.ts';
import type { DoorAnswer } from './front-door.ts';
import type { DoorKey } from './key.ts';

const triesMax = 400;
const calmTriesMax = 12;
/** What the door keeps for itself of the time it is given. */
const marginMs = 250;

export interface VisitsParts {
  readonly sim: Sim;
  readonly prng: Prng;
  readonly key: DoorKey;
  readonly address: string;
}

/** Asks any process over HTTP until it is answered, as clients do: after a lost answer, a 429 and a 503. */
export class Visits {
  readonly #parts: VisitsParts;

  constructor(parts: VisitsParts) {
    this.#parts = parts;
  }

  /** What was answered in the end. */
  async ask(errand: Errand): Promise<DoorAnswer> {
    const { sim, prng } = this.#parts;
    const { name, kind } = errand;
    const law = 'who keeps asking gets an answer';
    sim.tally.count(`door asked: ${kind}`);
    sim.unanswered += 1;
    let calmTries = 0;
    for (let attempt = 1; attempt <= triesMax; attempt += 1) {
      calmTries += Number(sim.isEnding);
      demand(calmTries <= calmTriesMax, law, () => `${kind} ${name}`);
      const answer = await this.#try(errand);
      if (answer && isSettled(answer)) {
        sim.unanswered -= 1;
        return answer;
      }
      const isTold = answer?.retryAfter !== undefined && (sim.isEnding || prng.chance(0.5));
      const waitMs = isTold ? answer.retryAfter * 1_000 : prng.between(1, 40 * Math.min(attempt, 10));
      await sim.pause(name, 'waits to ask again', waitMs);
    }
    throw new LawBroken(law, `${kind} ${name} asked ${triesMax} times`);
  }

  async #try(errand: Errand): Promise<DoorAnswer | undefined> {
    const { sim, prng } = this.#parts;
    const { name, route, path, body, headers } = errand;
    const { key, address } = this.#callerOf(errand);
    const call = {
      key,
      address,
      headers: { 'x-correlation-id': name, ...headers },
      ...(path && { path }),
      ...(body && { body }),
    };
    const patienceMs = (sim.isEnding ? 3_000 : prng.pick([60, 800, 3_000])) + marginMs;
    const before = sim.auditor.door.before(errand);
    try {
      const answer = await sim.process().ask((life) => life.door.answer(route, call, patienceMs));
      this.#count(answer);
      sim.auditor.door.check(errand, answer, before);
      return answer;
    } catch (error) {
      if (error instanceof LawBroken) throw error;
      // The door throws nothing: it answers.
      if (!isRetryable(error) || error.name !== 'ConnectionLost')
        throw new LawBroken('nothing unexpected is thrown', `${errand.kind} ${name}`, error);
      sim.tally.count('door: no answer');
      return undefined;
    }
  }

  /** Whoever guesses comes from elsewhere, mostly. */
  #callerOf({ isStranger }: Errand): { readonly key: DoorKey; readonly address: string } {
    const { key, address, prng } = this.#parts;
    if (!isStranger) return { key, address };
    return { key: { ...key, secret: 'guessed' }, address: prng.chance(0.8) ? 'elsewhere' : address };
  }

  #count({ status, isReplayed }: DoorAnswer): void {
    const { tally } = this.#parts.sim;
    const isNamed = status === 401 || status === 429;
    tally.count(`door: ${isNamed ? status : `${Math.floor(status / 100)}xx`}`);
    if (isReplayed) tally.count('door: repeat recognised');
  }
}
