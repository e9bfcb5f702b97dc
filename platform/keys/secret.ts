import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Crockford's alphabet: nothing in it is mistaken for something else when read aloud. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const keyIdPattern = /^OC[0-9A-Z]{18}$/;

/** 20 upper-case characters like those its clients know: `OC` and 90 random bits. */
export function newKeyId(): string {
  return idOf(randomBytes(18));
}

function idOf(bytes: Uint8Array): string {
  return `OC${Array.from(bytes, (byte) => alphabet.charAt(byte % alphabet.length)).join('')}`;
}

/** The id of the key that is issued under a name: the same one for the same name, for ever. */
export function keyIdFor(name: string): string {
  return idOf(digest(name).subarray(0, 18));
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
