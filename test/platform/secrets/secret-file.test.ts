import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { masterSecretOf, passingSecret } from '../../../platform/secrets/derived.ts';
import type { MasterSecret } from '../../../platform/secrets/port.ts';
import { ringKeysMax, SecretRingFull } from '../../../platform/secrets/ring.ts';
import {
  openSecretFile,
  rotateSecretFile,
  secretFile,
  SecretUnreadable,
} from '../../../platform/secrets/secret-file.ts';

const shownOf = (secrets: readonly MasterSecret[]) =>
  secrets.flatMap((one) => [one.fingerprint, one.derive('webhook', 'a').toString('base64url')]);

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secret-'));
  path = join(folder, secretFile);
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the first start makes a secret, and every later one finds it', () => {
  const [first, ...others] = openSecretFile(folder);
  expect(others).toEqual([]);
  expect(shownOf(openSecretFile(folder))).toEqual(shownOf(first ? [first] : []));
});

test('it is for its owner’s eyes, also when it was not', () => {
  openSecretFile(folder);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  chmodSync(path, 0o644);
  openSecretFile(folder);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('nothing that is derived holds the secret', () => {
  const secrets = openSecretFile(folder);
  const text = readFileSync(path, 'utf8').trim();
  for (const one of [...shownOf(secrets), JSON.stringify(secrets)])
    expect(one).not.toContain(text.slice(0, 11));
});

describe('with a new one', () => {
  const nothing = async () => new Set<string>();

  test('the file holds it before those of before, which derive what they did', async () => {
    const before = shownOf(openSecretFile(folder));
    const rotated = shownOf(await rotateSecretFile(folder, nothing));
    expect(rotated.slice(2)).toEqual(before);
    expect(shownOf(openSecretFile(folder))).toEqual(rotated);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('a folder that lost its file has one, and what is none of ours stays as it is', async () => {
    expect(await rotateSecretFile(folder, nothing)).toHaveLength(1);
    writeFileSync(path, `${readFileSync(path, 'utf8')}more\n`);
    const text = readFileSync(path, 'utf8');
    await expect(rotateSecretFile(folder, nothing)).rejects.toThrow(SecretUnreadable);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('nothing is dropped while there is room, and only what nobody needs when there is none', async () => {
    let ring = openSecretFile(folder);
    while (ring.length < ringKeysMax) ring = await rotateSecretFile(folder, nothing);
    expect(ring).toHaveLength(ringKeysMax);
    const needed = [ring[3], ring[ringKeysMax - 1]].map((one) => one?.fingerprint ?? '');
    const dropped = await rotateSecretFile(folder, async () => new Set(needed));
    expect(dropped.slice(1).map(({ fingerprint }) => fingerprint)).toEqual(needed);
  });

  test('a file of which every key is needed stays as it is, and says so', async () => {
    let ring = openSecretFile(folder);
    while (ring.length < ringKeysMax) ring = await rotateSecretFile(folder, nothing);
    const text = readFileSync(path, 'utf8');
    const all = new Set(ring.map(({ fingerprint }) => fingerprint));
    await expect(rotateSecretFile(folder, async () => all)).rejects.toThrow(SecretRingFull);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

test.each(['', '\n', 'short', 'x'.repeat(44), `${'A'.repeat(42)}!`])(
  'a file that holds %j is left as it is, and says what can be done',
  (text) => {
    writeFileSync(path, text);
    expect(() => openSecretFile(folder)).toThrow(SecretUnreadable);
    expect(readFileSync(path, 'utf8')).toBe(text);
  },
);

test('other purposes, names and secrets give other bytes; the same always the same', () => {
  const one = masterSecretOf(new Uint8Array(32));
  const texts = [
    one.derive('webhook', 'a'),
    one.derive('webhook', 'b'),
    one.derive('other', 'a'),
    one.derive('webhook"', 'a'),
    passingSecret().derive('webhook', 'a'),
  ].map((bytes) => bytes.toString('hex'));
  expect(new Set(texts).size).toBe(texts.length);
  expect(one.derive('webhook', 'a')).toEqual(masterSecretOf(Buffer.alloc(32)).derive('webhook', 'a'));
  // Stored secrets of customers rest on this very derivation: it never changes.
  expect(texts[0]).toBe('b254674c3900349ca51026a679f5271fc3984a7f55cc35cf897e813bf4a906c9');
});
