import type { Clock } from '../../platform/clock/clock.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import { RotationRefused, type SecretRotation } from '../../platform/secrets/rotation.ts';
import type { Log } from '../../platform/telemetry/port.ts';

/** What Secrets Manager says to whoever rotates a secret: which step, of which secret, and the version it shall become. */
export interface RotationRequest {
  readonly Step: string;
  readonly SecretId: string;
  readonly ClientRequestToken: string;
}

export interface RotateMasterSecretDependencies {
  readonly rotation: SecretRotation;
  /** The only secret it rotates. */
  readonly arn: string;
  readonly clock: Clock;
  readonly log: Log;
}

const stepMs = 15_000;

/** One step of a rotation. Secrets Manager takes what is thrown for a rotation that failed, and begins it again later. */
export function rotateMasterSecret({ rotation, arn, clock, log }: RotateMasterSecretDependencies) {
  return async ({ Step: step, SecretId, ClientRequestToken: version }: RotationRequest): Promise<void> => {
    if (SecretId !== arn) throw new RotationRefused(`${SecretId} is not the master secret of this cell`);
    const outcome = await rotation.step(step, version, deadlineIn(stepMs, clock));
    log.info('a step of rotating the master secret', { step, version, outcome });
  };
}
