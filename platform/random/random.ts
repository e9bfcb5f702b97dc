import { randomBytes, randomInt } from 'node:crypto';

/** Chance as a dependency, so that simulation can seed it. */
export interface Random {
  /** 128 bits, base64url, 22 characters. */
  id(): string;
  /** Uniform in [0, 1). For jitter only. */
  fraction(): number;
}

export const systemRandom: Random = {
  id: () => randomBytes(16).toString('base64url'),
  fraction: () => randomInt(2 ** 32) / 2 ** 32,
};
