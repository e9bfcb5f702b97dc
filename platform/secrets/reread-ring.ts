import { assert } from '../../domain/values/assert.ts';
import type { Clock } from '../clock/clock.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { MasterSecret, SecretRing } from './port.ts';

/** The newest first. */
export type ReadSecrets = (deadline: Deadline) => Promise<readonly MasterSecret[]>;

/** How old the newest one may be, and how soon a name that was looked for in vain is looked for again. */
export const rereadAfterMs = 60_000;

interface Known {
  readonly secrets: readonly MasterSecret[];
  /** On the monotonic clock, before it was read. */
  readonly readAtMs: number;
}

/**
 * A ring that somebody else adds to while this process lives. It is read when a name comes up that it has not, before anybody is told
 * that the secret is lost: whoever derived from it had it from where this reads. Known names cost nothing, also while nothing can be read.
 */
export class RereadRing implements SecretRing {
  readonly #read: ReadSecrets;
  readonly #clock: Clock;
  #known: Known | undefined;
  /** Names that a reading after they came up had not, and when that was. As many as there ever were master secrets. */
  readonly #lostAtMs = new Map<string, number>();
  #lastLook: Promise<void> = Promise.resolve();

  constructor(read: ReadSecrets, clock: Clock) {
    this.#read = read;
    this.#clock = clock;
  }

  async newest(deadline: Deadline): Promise<MasterSecret> {
    const { secrets } = await this.#look(({ readAtMs }) => this.#isFresh(readAtMs), deadline);
    const [newest] = secrets;
    assert(newest !== undefined, 'a ring holds a master secret');
    return newest;
  }

  async named(fingerprint: string, deadline: Deadline): Promise<MasterSecret | undefined> {
    const find = ({ secrets }: Known) => secrets.find((secret) => secret.fingerprint === fingerprint);
    const isLost = () => {
      const lostAtMs = this.#lostAtMs.get(fingerprint);
      return lostAtMs !== undefined && this.#isFresh(lostAtMs);
    };
    const known = await this.#look((one) => find(one) !== undefined || isLost(), deadline);
    const found = find(known);
    if (found) this.#lostAtMs.delete(fingerprint);
    else if (!isLost()) this.#lostAtMs.set(fingerprint, known.readAtMs);
    return found;
  }

  #isFresh(atMs: number): boolean {
    return this.#clock.monotonicMs() - atMs < rereadAfterMs;
  }

  /** One reading at a time: whoever waited for one looks first whether it was enough. */
  async #look(isEnough: (known: Known) => boolean, deadline: Deadline): Promise<Known> {
    if (this.#known && isEnough(this.#known)) return this.#known;
    const ahead = this.#lastLook;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#lastLook = promise;
    try {
      await ahead;
      if (this.#known && isEnough(this.#known)) return this.#known;
      const readAtMs = this.#clock.monotonicMs();
      this.#known = { secrets: await this.#read(deadline), readAtMs };
      return this.#known;
    } finally {
      resolve();
    }
  }
}
