import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { masterSecretOf, passingSecret } from '../../../platform/secrets/derived.ts';
import { openSecretFile, secretFile, SecretUnreadable } from '../../../platform/secrets/secret-file.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secret-'));
  path = join(folder, secretFile);
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the first start makes a secret, and every later one finds it', () => {
  const first = openSecretFile(folder);
  const again = openSecretFile(folder);
  expect(again.fingerprint).toBe(first.fingerprint);
  expect(again.derive('webhook', 'a')).toEqual(first.derive('webhook', 'a'));
});

test('it is for its owner’s eyes, also when it was not', () => {
  openSecretFile(folder);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  chmodSync(path, 0o644);
  openSecretFile(folder);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('nothing that is derived holds the secret', () => {
  const secret = openSecretFile(folder);
  const text = readFileSync(path, 'utf8').trim();
  const shown = [
    secret.fingerprint,
    secret.derive('webhook', 'a').toString('base64url'),
    JSON.stringify(secret),
  ];
  for (const one of shown) expect(one).not.toContain(text.slice(0, 11));
});

test.each(['', 'short', 'x'.repeat(44), `${'A'.repeat(42)}!`])(
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
