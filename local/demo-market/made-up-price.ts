/** How a made-up price moves: told by a seed and the clock alone, so that a restart goes on where the price would be anyway. */
export interface PriceWalk {
  readonly seed: number;
  readonly stepMs: number;
  /** In so many steps half of a distance from where it belongs is gone. */
  readonly halfLifeSteps: number;
  /** Parts per million that one step moves at most, and how far the price ever gets from where it belongs. */
  readonly stepPpm: number;
  readonly farthestPpm: number;
}

/** After so many half-lives a step counts for nothing. */
const halfLives = 4;

/**
 * How far from where it belongs the price of a symbol is at a moment, in parts per million: the steps before that moment, each worth
 * less the longer ago it was, which is what brings the price back.
 */
export function strayedPpm(walk: PriceWalk, symbol: string, atMs: number): number {
  const kept = 2 ** (-1 / walk.halfLifeSteps);
  const last = Math.floor(atMs / walk.stepMs);
  const first = last - halfLives * walk.halfLifeSteps;
  const start = mixed(walk.seed, ...Buffer.from(symbol, 'utf8'));
  let strayed = 0;
  for (let step = first; step <= last; step += 1)
    strayed = strayed * kept + (mixed(start, step) / 2 ** 31 - 1) * walk.stepPpm;
  return Math.round(Math.max(-walk.farthestPpm, Math.min(walk.farthestPpm, strayed)));
}

/** An unsigned 32-bit number that looks like chance: the finisher of MurmurHash3, word by word. */
function mixed(...words: readonly number[]): number {
  return words.reduce((state, word) => {
    let value = state ^ word;
    value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
    value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
    return (value ^ (value >>> 16)) >>> 0;
  }, 0x9e3779b9);
}
