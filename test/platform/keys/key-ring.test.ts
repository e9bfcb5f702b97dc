import { describe, expect, test } from 'vitest';
import type { Grant } from '../../../domain/api-key/commands.ts';
import { accountId } from '../../../domain/values/ids.ts';
import { apiKey } from '../../../platform/aggregates/api-key.ts';
import { CommandHandler } from '../../../platform/command-handler/command-handler.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { KeyRing, revocationBoundMs } from '../../../platform/keys/key-ring.ts';
import { hashOfSecret, isKeyId, isSecretOf, newKeyId, newSecret } from '../../../platform/keys/secret.ts';
import { FaultyStore } from '../command-handler/faulty-store.ts';
import { SeededRandom } from '../command-handler/seeded-random.ts';
import { VirtualClock } from '../command-handler/virtual-clock.ts';

const client: Grant = { role: 'client', accountId: accountId('a-1') };

class Bench {
  readonly clock = new VirtualClock();
  readonly store = new FaultyStore(new MemoryEventStore());
  #rings = 0;

  ring(): KeyRing {
    this.#rings += 1;
    const handler = new CommandHandler({
      aggregate: apiKey,
      store: this.store,
      clock: this.clock,
      random: new SeededRandom(`ring${this.#rings}`),
      cell: 'cell-1',
      onQuarantine: (stream) => {
        throw new Error(stream);
      },
    });
    return new KeyRing(handler, this.clock, 'cell-1');
  }

  get context() {
    return { actor: { kind: 'operator', id: 'ann' }, deadline: this.deadline } as const;
  }

  get deadline() {
    return deadlineIn(3_000, this.clock);
  }

  issue(ring: KeyRing, grant: Grant = client) {
    return ring.issue({ grant, personId: 'person-1', issuedBy: 'ann' }, this.context);
  }

  get reads(): number {
    return this.store.calls.filter((call) => call.startsWith('read')).length;
  }
}

describe('a key', () => {
  test('and its secret say who comes and what they may do', async () => {
    const bench = new Bench();
    const ring = bench.ring();
    const { keyId, secret } = await bench.issue(ring);
    expect(keyId).toMatch(/^OC[0-9A-Z]{18}$/);
    expect(await ring.authenticate(keyId, secret, bench.deadline)).toEqual({
      keyId,
      personId: 'person-1',
      role: 'client',
      accountId: 'a-1',
      cell: 'cell-1',
    });
  });

  test('opens nothing with another secret, an empty one or under another id', async () => {
    const bench = new Bench();
    const ring = bench.ring();
    const { keyId, secret } = await bench.issue(ring);
    const other = await bench.issue(ring, { role: 'administrator' });
    for (const [id, wrong] of [
      [keyId, other.secret],
      [keyId, ''],
      [other.keyId, secret],
      [newKeyId('cell-1'), secret],
      [newKeyId('cell-1'), ''],
      ['', ''],
      ['order-1', secret],
    ] as const) {
      expect(await ring.authenticate(id, wrong, bench.deadline)).toBeUndefined();
    }
  });

  test('is in the log only as the hash of its secret', async () => {
    const bench = new Bench();
    const { keyId, secret } = await bench.issue(bench.ring());
    const stored = JSON.stringify(await bench.store.read(`key-${keyId}`, 1, bench.deadline));
    expect(stored).not.toContain(secret);
    expect(stored).toContain(hashOfSecret(secret));
  });

  test('that is revoked closes at once in this process, within the bound in another', async () => {
    const bench = new Bench();
    const [here, there] = [bench.ring(), bench.ring()];
    const { keyId, secret } = await bench.issue(here);
    const opens = async (ring: KeyRing) =>
      (await ring.authenticate(keyId, secret, bench.deadline)) !== undefined;
    expect([await opens(here), await opens(there)]).toEqual([true, true]);
    expect(await here.revoke(keyId, 'ann', bench.context)).toBe(true);
    expect([await opens(here), await opens(there)]).toEqual([false, true]);
    bench.clock.advance(revocationBoundMs);
    expect(await opens(there)).toBe(false);
    expect(await here.revoke(keyId, 'ann', bench.context)).toBe(true);
    expect(await here.revoke(newKeyId('cell-1'), 'ann', bench.context)).toBe(false);
  });

  test('that was being read while it was revoked is not kept as it was', async () => {
    const bench = new Bench();
    const [ring, issuer] = [bench.ring(), bench.ring()];
    const { keyId, secret } = await bench.issue(issuer);
    const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
    const readTail = bench.store.readTail.bind(bench.store);
    bench.store.readTail = async (...request) => {
      const commits = await readTail(...request);
      await gate;
      return commits;
    };
    const slow = ring.authenticate(keyId, secret, bench.deadline);
    bench.store.readTail = readTail;
    await ring.revoke(keyId, 'ann', bench.context);
    openGate();
    expect(await slow).toMatchObject({ keyId });
    expect(await ring.authenticate(keyId, secret, bench.deadline)).toBeUndefined();
  });
});

describe('checking keys', () => {
  test('reads each key once a second, however many ask', async () => {
    const bench = new Bench();
    const [issuer, ring] = [bench.ring(), bench.ring()];
    const { keyId, secret } = await bench.issue(issuer);
    const ask = () => ring.authenticate(keyId, secret, bench.deadline);
    const before = bench.reads;
    await Promise.all([ask(), ask(), ask()]);
    await ask();
    expect(bench.reads - before).toBe(1);
    bench.clock.advance(revocationBoundMs);
    await ask();
    expect(bench.reads - before).toBe(2);
  });

  test('remembers ids that are none, and reads nothing for what cannot be one', async () => {
    const bench = new Bench();
    const ring = bench.ring();
    const nobody = newKeyId('cell-1');
    await ring.authenticate(nobody, 'x', bench.deadline);
    await ring.authenticate(nobody, 'y', bench.deadline);
    await ring.authenticate("' or 1=1", 'x', bench.deadline);
    expect(bench.reads).toBe(1);
  });

  test('a store that does not answer is not a wrong key', async () => {
    const bench = new Bench();
    const [issuer, ring] = [bench.ring(), bench.ring()];
    const { keyId, secret } = await bench.issue(issuer);
    bench.store.before = () => Promise.reject(new Error('no answer'));
    await expect(ring.authenticate(keyId, secret, bench.deadline)).rejects.toThrow('no answer');
    bench.store.before = () => Promise.resolve();
    expect(await ring.authenticate(keyId, secret, bench.deadline)).toMatchObject({ keyId });
  });
});

test('ids and secrets are random, and a secret fits its own hash alone', () => {
  const ids = new Set(Array.from({ length: 1_000 }, newKeyId));
  expect(ids.size).toBe(1_000);
  expect([...ids].every(isKeyId)).toBe(true);
  const secret = newSecret();
  expect(secret).toHaveLength(43);
  expect(isSecretOf(hashOfSecret(secret), secret)).toBe(true);
  expect(isSecretOf(hashOfSecret(secret), newSecret())).toBe(false);
  expect(isSecretOf('short', secret)).toBe(false);
});
