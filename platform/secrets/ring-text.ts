import { hash, randomBytes } from 'node:crypto';
import { masterSecretOf, secretBytes } from './derived.ts';
import type { MasterSecret } from './port.ts';
import { ringKeysMax, SecretRingFull } from './ring.ts';

/** What Secrets Manager has is no ring of ours. Says nothing of what it is. */
export class SecretUnusable extends Error {
  override readonly name = 'SecretUnusable';
}

/** What a line of letters and digits needs to be as hard to guess as 32 random bytes. */
export const secretCharactersMin = 43;

/** One master secret a line, the newest first. The text of 64 letters and digits that the service makes is a ring of one. */
export function linesOf(text: string, where: string): readonly string[] {
  const lines = text.split('\n');
  if (lines.some((line) => line.length < secretCharactersMin))
    throw new SecretUnusable(
      `${where} needs ${secretCharactersMin} generated characters or more in each line`,
    );
  return lines;
}

export function masterSecretsIn(text: string, where: string): readonly MasterSecret[] {
  return linesOf(text, where).map((line) => masterSecretOf(hash('sha256', line, 'buffer')));
}

/** The same ring with a new master secret. Throws `SecretRingFull`, `SecretUnusable`. */
export function withNewest(text: string, where: string): string {
  const lines = linesOf(text, where);
  if (lines.length >= ringKeysMax) throw new SecretRingFull(where);
  return [randomBytes(secretBytes).toString('base64url'), ...lines].join('\n');
}

/** Whether everything that one ring derives the other derives too. */
export function keepsAll(text: string, before: string, where: string): boolean {
  const kept = new Set(linesOf(text, where));
  return linesOf(before, where).every((line) => kept.has(line));
}
