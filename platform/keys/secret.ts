import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Crockford's alphabet: nothing in it is mistaken for something else when read aloud. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const keyIdPattern = /^OC[0-9A-Z]{18}$/;

/** 20 upper-case characters like those its clients know: `OC`, three that stand for the cell, and 75 random bits. */
export function newKeyId(cell: string): string {
  return prefixOf(cell) + charactersOf(randomBytes(15));
}

function charactersOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => alphabet.charAt(byte % alphabet.length)).join('');
}

/** The id of the key that is issued in a cell under a name: the same one for the same name, for ever. */
export function keyIdFor(name: string, cell: string): string {
  return prefixOf(cell) + charactersOf(digest(name).subarray(3, 18));
}

/** The same as it was before ids told their cell: a request of then has its key under it. */
export function earlierKeyIdFor(name: string): string {
  return `OC${charactersOf(digest(name).subarray(0, 18))}`;
}

/**
 * Whether an id says that its key was issued in this cell. One of three characters out of 32,768 says so by chance, and so do ids
 * from before they told their cell: good enough for telling where to ask, and not for letting anybody in.
 */
export function isKeyOf(keyId: string, cell: string): boolean {
  return isKeyId(keyId) && keyId.startsWith(prefixOf(cell));
}

function prefixOf(cell: string): string {
  return `OC${charactersOf(digest(`cell ${cell}`).subarray(0, 3))}`;
}

/** Whether a text can be a key id at all. */
export function isKeyId(text: string): boolean {
  return keyIdPattern.test(text);
}

/** 256 random bits in 43 characters. Shown once, kept nowhere. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * One SHA-256, no salt and no slow hash: those protect secrets that can be guessed. Ours are 256 random bits; nobody tries them
 * all, no two are alike, and a slow hash would have to run with every request.
 */
export function hashOfSecret(secret: string): string {
  return digest(secret).toString('base64url');
}

/** Takes the same time wherever the two differ. */
export function isSecretOf(secretHash: string, secret: string): boolean {
  const expected = Buffer.from(secretHash, 'base64url');
  const given = digest(secret);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function digest(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}
