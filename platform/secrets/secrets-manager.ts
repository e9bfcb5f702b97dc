import { hash } from 'node:crypto';
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../clock/clock.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { signalFor } from '../outgoing/signal.ts';
import { masterSecretOf } from './derived.ts';
import type { MasterSecret } from './port.ts';

export class SecretUnusable extends Error {
  override readonly name = 'SecretUnusable';
}

/** What a generated secret of letters and digits needs to be as hard to guess as 32 random bytes. */
export const secretCharactersMin = 43;

export interface SecretSource {
  /** Made by `createSecretsManagerClient`, so that its calls end. */
  readonly client: SecretsManagerClient;
  readonly arn: string;
  readonly clock: Clock;
}

/**
 * The master secret as Secrets Manager keeps it: a text that was generated there, and that nobody has to see. Read once: a process that
 * lives when it is rotated goes on with the one it has. Throws `SecretUnusable`, and what the SDK throws.
 */
export async function secretFrom(
  { client, arn, clock }: SecretSource,
  deadline: Deadline,
): Promise<MasterSecret> {
  const command = new GetSecretValueCommand({ SecretId: arn });
  const { SecretString = '' } = await client.send(command, { abortSignal: signalFor(deadline, clock) });
  if (SecretString.length < secretCharactersMin)
    throw new SecretUnusable(`the secret ${arn} needs ${secretCharactersMin} generated characters or more`);
  return masterSecretOf(hash('sha256', SecretString, 'buffer'));
}
