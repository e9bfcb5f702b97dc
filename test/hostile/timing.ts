import { hashOfSecret, isSecretOf, newSecret } from '../../platform/keys/secret.ts';

const rounds = 20_000;

/**
 * How long a comparison takes, in nanoseconds, by where a wrong secret of the right length first differs. What is compared are digests, so
 * that the place says nothing; figures for people to look at, since no machine is quiet enough to fail a test by them.
 */
export function secretTimings(): string {
  const secret = newSecret();
  const hash = hashOfSecret(secret);
  const other = (at: number) =>
    secret.slice(0, at) + (secret.charAt(at) === 'A' ? 'B' : 'A') + secret.slice(at + 1);
  const candidates: readonly (readonly [string, string])[] = [
    ['right', secret],
    ['first character', other(0)],
    ['middle', other(21)],
    ['last character', other(secret.length - 1)],
  ];
  const samples = new Map<string, number[]>(candidates.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const [name, candidate] of candidates) {
      const begin = process.hrtime.bigint();
      isSecretOf(hash, candidate);
      samples.get(name)?.push(Number(process.hrtime.bigint() - begin));
    }
  const medians = [...samples].map(([name, times]) => `${name} ${median(times)}`);
  return `comparing a secret, median nanoseconds by where it differs: ${medians.join(', ')}`;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
