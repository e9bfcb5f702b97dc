import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../clock/clock.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { signalFor } from '../outgoing/signal.ts';
import type { SecretRing } from './port.ts';
import { RereadRing } from './reread-ring.ts';
import { masterSecretsIn, SecretUnusable } from './ring-text.ts';

/** The service did not do what it was asked, or nobody heard of it. The same again is safe. */
export class SecretUnavailable extends Error {
  override readonly name = 'SecretUnavailable';
  readonly retryable = true;
}

export interface SecretSource {
  /** Made by `createSecretsManagerClient`, so that its calls end. */
  readonly client: SecretsManagerClient;
  readonly arn: string;
  readonly clock: Clock;
}

/** A version of a secret: the one in force, or one by its name. */
export type Wanted = 'in-force' | { readonly version: string };

/** Labels of Secrets Manager's own: what is read unless said otherwise, and what is to be that next. */
export const inForce = 'AWSCURRENT';
export const pending = 'AWSPENDING';

/** The master secrets as Secrets Manager keeps them, which nobody has to see. Throws `SecretUnavailable`, `SecretUnusable`. */
export function ringIn(source: SecretSource): SecretRing {
  const stored = new StoredSecret(source);
  return new RereadRing(
    async (deadline) => masterSecretsIn(await stored.someText('in-force', deadline), source.arn),
    source.clock,
  );
}

/** The calls on one secret. Each throws `SecretUnavailable`. */
export class StoredSecret {
  readonly #source: SecretSource;

  constructor(source: SecretSource) {
    this.#source = source;
  }

  get arn(): string {
    return this.#source.arn;
  }

  /** Undefined: there is no such version, or nothing in it yet. */
  async text(wanted: Wanted, deadline: Deadline): Promise<string | undefined> {
    const version = wanted === 'in-force' ? {} : { VersionId: wanted.version };
    try {
      const { SecretString } = await this.#call(deadline, ({ client, arn }, abortSignal) =>
        client.send(new GetSecretValueCommand({ SecretId: arn, ...version }), { abortSignal }),
      );
      return SecretString;
    } catch (error) {
      if (isCausedBy(error, ResourceNotFoundException)) return undefined;
      throw error;
    }
  }

  /** Throws `SecretUnusable` where there is none. */
  async someText(wanted: Wanted, deadline: Deadline): Promise<string> {
    const text = await this.text(wanted, deadline);
    if (text === undefined) throw new SecretUnusable(`${this.arn} has nothing in it yet`);
    return text;
  }

  /** Each version's labels. */
  async stages(deadline: Deadline): Promise<ReadonlyMap<string, readonly string[]>> {
    const { VersionIdsToStages = {} } = await this.#call(deadline, ({ client, arn }, abortSignal) =>
      client.send(new DescribeSecretCommand({ SecretId: arn }), { abortSignal }),
    );
    return new Map(Object.entries(VersionIdsToStages));
  }

  /** What is in a version that has something already stays. */
  async put(version: string, text: string, deadline: Deadline): Promise<void> {
    const command = { ClientRequestToken: version, SecretString: text, VersionStages: [pending] };
    try {
      await this.#call(deadline, ({ client, arn }, abortSignal) =>
        client.send(new PutSecretValueCommand({ SecretId: arn, ...command }), { abortSignal }),
      );
    } catch (error) {
      if (!isCausedBy(error, ResourceExistsException)) throw error;
    }
  }

  /** Refused by the service when `from` is not in force any more. */
  async putInForce(version: string, from: string, deadline: Deadline): Promise<void> {
    const move = { VersionStage: inForce, MoveToVersionId: version, RemoveFromVersionId: from };
    await this.#call(deadline, ({ client, arn }, abortSignal) =>
      client.send(new UpdateSecretVersionStageCommand({ SecretId: arn, ...move }), { abortSignal }),
    );
  }

  async #call<Answer>(
    deadline: Deadline,
    call: (source: SecretSource, abortSignal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const { arn, clock } = this.#source;
    const abortSignal = signalFor(deadline, clock);
    try {
      return await call(this.#source, abortSignal);
    } catch (cause) {
      throw new SecretUnavailable(`Secrets Manager did not do with ${arn} what it was asked`, { cause });
    }
  }
}

function isCausedBy(error: unknown, kind: abstract new (...given: never[]) => Error): boolean {
  return error instanceof SecretUnavailable && error.cause instanceof kind;
}
