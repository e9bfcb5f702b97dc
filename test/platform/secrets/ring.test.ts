import { describe, expect, test } from 'vitest';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { masterSecretOf } from '../../../platform/secrets/derived.ts';
import type { MasterSecret, SecretRing } from '../../../platform/secrets/port.ts';
import { RereadRing, rereadAfterMs } from '../../../platform/secrets/reread-ring.ts';
import { masterSecretsIn, withNewest } from '../../../platform/secrets/ring-text.ts';
import { fixedRing } from '../../../platform/secrets/ring.ts';
import { VirtualClock } from '../command-handler/virtual-clock.ts';

const key = (byte: number) => masterSecretOf(new Uint8Array(32).fill(byte));
const [oldest, older, newer, nobodys] = [key(1), key(2), key(3), key(4)];
const clock = new VirtualClock();
const soon = deadlineIn(5_000, clock);
const named = (ring: SecretRing, { fingerprint }: MasterSecret) => ring.named(fingerprint, soon);
const bytesOf = (secret: MasterSecret | undefined) => secret?.derive('webhook', 'a').toString('hex');

const makers: Readonly<Record<string, (secrets: readonly MasterSecret[]) => SecretRing>> = {
  'a ring that never changes': fixedRing,
  'a ring that is read anew': (secrets) => new RereadRing(async () => secrets, clock),
};

describe.each(Object.entries(makers))('%s', (_name, ring) => {
  test('derives what is new from the newest', async () => {
    expect((await ring([newer, older]).newest(soon)).fingerprint).toBe(newer.fingerprint);
  });

  test('with a new key derives what was derived from each one of before', async () => {
    const [before, after] = [ring([older, oldest]), ring([newer, older, oldest])];
    for (const one of [older, oldest]) {
      expect(bytesOf(await named(after, one))).toBe(bytesOf(await named(before, one)));
      expect(bytesOf(await named(after, one))).toBe(bytesOf(one));
    }
  });

  test('has nothing for a name that is none of its keys’', async () => {
    expect(await named(ring([newer, older]), nobodys)).toBeUndefined();
    expect(await ring([newer]).named('', soon)).toBeUndefined();
  });
});

test('a text with a new key keeps those of before, each as it was', () => {
  const text = 'g'.repeat(64);
  const [first] = masterSecretsIn(text, 'here');
  const longer = withNewest(withNewest(text, 'here'), 'here');
  const all = masterSecretsIn(longer, 'here');
  expect(all).toHaveLength(3);
  expect(bytesOf(all.at(-1))).toBe(bytesOf(first));
  expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(3);
});

/** A ring kept elsewhere, which counts how often it is read. */
class Kept {
  secrets: readonly MasterSecret[];
  readings = 0;
  isAway = false;
  readonly clock = new VirtualClock();
  readonly ring: SecretRing;

  constructor(...secrets: readonly MasterSecret[]) {
    this.secrets = secrets;
    this.ring = new RereadRing(async () => {
      this.readings += 1;
      const read = this.secrets;
      await new Promise(setImmediate);
      if (this.isAway) throw new Error('away');
      return read;
    }, this.clock);
  }

  named(secret: MasterSecret) {
    return named(this.ring, secret);
  }
}

describe('a process from before a rotation', () => {
  test('finds the new key when it meets its name, and reads once however many ask', async () => {
    const kept = new Kept(older);
    await kept.named(older);
    kept.secrets = [newer, older];
    const found = await Promise.all([kept.named(newer), kept.named(newer), kept.named(older)]);
    expect(found.map(bytesOf)).toEqual([newer, newer, older].map(bytesOf));
    expect(kept.readings).toBe(2);
  });

  test('finds it also when it looked for another in vain a moment ago', async () => {
    const kept = new Kept(older);
    expect(await kept.named(nobodys)).toBeUndefined();
    kept.secrets = [newer, older];
    expect(await kept.named(newer)).toBeDefined();
  });

  test('finds it also when a reading of before its making was under way', async () => {
    const kept = new Kept(older);
    const underWay = kept.named(older);
    await new Promise(setImmediate);
    kept.secrets = [newer, older];
    expect(await kept.named(newer)).toBeDefined();
    await underWay;
  });

  test('derives what is new from the new key after a minute at most, and reads no more often', async () => {
    const kept = new Kept(older);
    await kept.ring.newest(soon);
    kept.secrets = [newer, older];
    kept.clock.advance(rereadAfterMs - 1);
    expect((await kept.ring.newest(soon)).fingerprint).toBe(older.fingerprint);
    expect(kept.readings).toBe(1);
    kept.clock.advance(1);
    expect((await kept.ring.newest(soon)).fingerprint).toBe(newer.fingerprint);
    expect(kept.readings).toBe(2);
  });
});

describe('a name that is lost', () => {
  test('is looked for once a minute, and found when it is back', async () => {
    const kept = new Kept(older);
    for (let look = 1; look <= 10; look += 1) expect(await kept.named(nobodys)).toBeUndefined();
    expect(kept.readings).toBe(1);
    kept.clock.advance(rereadAfterMs);
    kept.secrets = [older, nobodys];
    expect(await kept.named(nobodys)).toBeDefined();
  });

  test('is not said to be lost while nobody can say, and what is known goes on', async () => {
    const kept = new Kept(older);
    await kept.named(older);
    kept.isAway = true;
    await expect(kept.named(nobodys)).rejects.toThrow('away');
    await expect(kept.named(nobodys)).rejects.toThrow('away');
    kept.clock.advance(10 * rereadAfterMs);
    expect(await kept.named(older)).toBeDefined();
    await expect(kept.ring.newest(soon)).rejects.toThrow('away');
    kept.isAway = false;
    expect(await kept.named(nobodys)).toBeUndefined();
  });
});
