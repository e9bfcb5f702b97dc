import type { Deadline } from '../deadline/deadline.ts';
import { keepsAll, withNewest } from './ring-text.ts';
import { inForce, pending, type StoredSecret } from './secrets-manager.ts';

/** Asked for what would break what was derived, or for a version that nobody is rotating to. Nothing was changed. */
export class RotationRefused extends Error {
  override readonly name = 'RotationRefused';
}

type Stages = Awaited<ReturnType<StoredSecret['stages']>>;

/**
 * The steps in which Secrets Manager rotates a secret, each of which it may ask for again:
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 *
 * A new version is the one in force with a new master secret before all others. It is looked at twice before it comes into force: a key
 * that it had lost would be signatures that nobody can make any more.
 */
export class SecretRotation {
  readonly #secret: StoredSecret;

  constructor(secret: StoredSecret) {
    this.#secret = secret;
  }

  /** Throws `RotationRefused`, `SecretRingFull`, and what reading and writing the secret throws. */
  async step(step: string, version: string, deadline: Deadline): Promise<'done' | 'done before'> {
    const stages = await this.#secret.stages(deadline);
    const labels = stages.get(version) ?? [];
    if (labels.includes(inForce)) return 'done before';
    if (!labels.includes(pending))
      throw new RotationRefused(`nobody is rotating ${this.#secret.arn} to the version ${version}`);
    switch (step) {
      case 'createSecret':
        return this.#create(version, deadline);
      case 'setSecret':
        // Nobody else has to be told: a new master secret is known wherever the ring is read.
        return 'done';
      case 'testSecret':
        await this.#check(version, versionInForce(stages), deadline);
        return 'done';
      case 'finishSecret': {
        const from = versionInForce(stages);
        await this.#check(version, from, deadline);
        await this.#secret.putInForce(version, from, deadline);
        return 'done';
      }
      default:
        throw new RotationRefused(`a rotation has no step ${JSON.stringify(step)}`);
    }
  }

  async #create(version: string, deadline: Deadline): Promise<'done' | 'done before'> {
    if ((await this.#secret.text({ version }, deadline)) !== undefined) return 'done before';
    const ring = await this.#secret.someText('in-force', deadline);
    await this.#secret.put(version, withNewest(ring, this.#secret.arn), deadline);
    return 'done';
  }

  async #check(version: string, from: string, deadline: Deadline): Promise<void> {
    const ring = await this.#secret.someText({ version }, deadline);
    const before = await this.#secret.someText({ version: from }, deadline);
    if (!keepsAll(ring, before, this.#secret.arn))
      throw new RotationRefused(`the version ${version} of ${this.#secret.arn} lacks a key that is in force`);
  }
}

function versionInForce(stages: Stages): string {
  const [version] = [...stages].find(([, labels]) => labels.includes(inForce)) ?? [];
  if (version === undefined) throw new RotationRefused('no version of the secret is in force');
  return version;
}
