import { randomFillSync, randomInt } from 'node:crypto';

/** Chance as a dependency, so that simulation can seed it. */
export interface Random {
  /** 128 bits, base64url, 22 characters. */
  id(): string;
  /** Uniform in [0, 1). For jitter only. */
  fraction(): number;
}

const idBytes = 16;

/** Drawn from the operating system for many ids at once: a call for each costs more than deciding an order. */
const pool = Buffer.alloc(idBytes * 256);
let used = pool.length;

export const systemRandom: Random = {
  id: () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += idBytes;
    return pool.toString('base64url', used - idBytes, used);
  },
  fraction: () => randomInt(2 ** 32) / 2 ** 32,
};
