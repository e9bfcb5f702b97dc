import { SecretRotation } from '../../platform/secrets/rotation.ts';
import { createSecretsManagerClient } from '../../platform/secrets/secrets-manager-client.ts';
import { StoredSecret } from '../../platform/secrets/secrets-manager.ts';
import { type RotationRequest, rotateMasterSecret } from '../consumers/rotate-master-secret.ts';
import { environmentNames } from '../environment.ts';
import { invoked } from '../lambda/invocation.ts';

/** Needs the secret and nothing else of the cell: no table, and not the config. */
export const handler = invoked<RotationRequest, void>({
  compose: async ({ clock, setting, telemetry: { log } }) => {
    const arn = setting(environmentNames.masterSecretArn);
    const secret = new StoredSecret({ client: createSecretsManagerClient(), arn, clock });
    return { handle: rotateMasterSecret({ rotation: new SecretRotation(secret), arn, clock, log }) };
  },
});
