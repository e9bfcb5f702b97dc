import type { Grant, KeyCommand } from '../../domain/api-key/commands.ts';
import type { KeyEvent } from '../../domain/api-key/events.ts';
import { type ApiKey, type KeyState, keyStream } from '../../domain/api-key/state.ts';
import { assert } from '../../domain/values/assert.ts';
import type { Clock } from '../clock/clock.ts';
import type { CommandHandler } from '../command-handler/command-handler.ts';
import type { CommandContext } from '../command-handler/context.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { type IssuedKey, KeyCache } from './key-cache.ts';
import {
  earlierKeyIdFor,
  hashOfSecret,
  isKeyId,
  isSecretOf,
  keyIdFor,
  newKeyId,
  newSecret,
} from './secret.ts';

/** Who a request comes from, once its key and secret were found right. */
export type Principal = Grant & {
  readonly keyId: string;
  readonly personId: string;
  /** The cell that issued the key. */
  readonly cell: string;
};

/** Until when a key revoked in another process may still open doors in this one. In the same process it closes at once. */
export const revocationBoundMs = 1_000;

const entriesMax = 10_000;

/** What an unknown id is compared with, so that it takes as long as a wrong secret. */
const nobodysHash = hashOfSecret('');

export type KeyHandler = CommandHandler<KeyCommand, KeyState, KeyEvent>;

export interface IssueRequest {
  readonly grant: Grant;
  readonly personId: string;
  readonly issuedBy: string;
}

/** `replayed`: the key was issued under the same name before, and nobody has its secret any more but who got it then. */
export type IssuedOnce =
  | { readonly outcome: 'issued'; readonly keyId: string; readonly secret: string }
  | { readonly outcome: 'replayed'; readonly keyId: string }
  | { readonly outcome: 'key-reused' };

/** Issues, revokes and checks API keys. One per process. */
export class KeyRing {
  readonly #handler: KeyHandler;
  readonly #clock: Clock;
  readonly #cell: string;
  readonly #cache: KeyCache;
  readonly #reading = new Map<string, Promise<IssuedKey | undefined>>();

  constructor(handler: KeyHandler, clock: Clock, cell: string) {
    this.#handler = handler;
    this.#clock = clock;
    this.#cell = cell;
    this.#cache = new KeyCache(clock, revocationBoundMs, entriesMax);
  }

  /** The only time the secret is seen. A lost answer means issuing another key and revoking this one. */
  async issue(
    request: IssueRequest,
    context: CommandContext,
  ): Promise<{ readonly keyId: string; readonly secret: string }> {
    const keyId = newKeyId(this.#cell);
    const secret = newSecret();
    const issued = await this.#issue(keyId, secret, request, context);
    assert(issued.outcome === 'committed', 'no two keys get one id');
    return { keyId, secret };
  }

  /** One key for one name and, by the context's key, one request. The secret is only in the answer that issued it. */
  async issueOnce(
    name: string,
    request: IssueRequest,
    context: CommandContext & Required<Pick<CommandContext, 'key'>>,
  ): Promise<IssuedOnce> {
    const earlier = earlierKeyIdFor(name);
    const isEarlier = (await this.find(earlier, context.deadline)) !== undefined;
    const keyId = isEarlier ? earlier : keyIdFor(name, this.#cell);
    const secret = newSecret();
    const { outcome } = await this.#issue(keyId, secret, request, context);
    if (outcome === 'committed') return { outcome: 'issued', keyId, secret };
    return outcome === 'replayed' ? { outcome, keyId } : { outcome: 'key-reused' };
  }

  async #issue(keyId: string, secret: string, request: IssueRequest, context: CommandContext) {
    const { grant, personId, issuedBy } = request;
    const secretHash = hashOfSecret(secret);
    const command = { do: 'issue', keyId, secretHash, grant, personId, issuedBy } as const;
    const issued = await this.#handler.handle(keyStream(keyId), command, { ...context, expectNew: true });
    this.#forget(keyId);
    return issued;
  }

  /**
   * Whether it opens nothing any more: false when there is no such key, or when the one that is to be kept is in force no more.
   * Revoking twice is no fault.
   */
  async revoke(
    keyId: string,
    revokedBy: string,
    context: CommandContext,
    keeping?: string,
  ): Promise<boolean> {
    if (!isKeyId(keyId)) return false;
    const command = { do: 'revoke', revokedBy, ...(keeping !== undefined && { keeping }) } as const;
    const { state } = await this.#handler.handle(keyStream(keyId), command, context);
    this.#forget(keyId);
    return state.kind === 'key' && state.revokedAt !== undefined;
  }

  /** The key as it is known here: what it may do and whether it is in force, for listing; never its secret. */
  async find(keyId: string, deadline: Deadline): Promise<ApiKey | undefined> {
    if (!isKeyId(keyId)) return undefined;
    const { state } = await this.#handler.load(keyStream(keyId), deadline);
    return state.kind === 'key' ? state : undefined;
  }

  /** Undefined: no such key, revoked, or not its secret; which of them is not told. Throws what the store throws. */
  async authenticate(keyId: string, secret: string, deadline: Deadline): Promise<Principal | undefined> {
    const key = isKeyId(keyId) ? await this.#keyInForce(keyId, deadline) : undefined;
    const isRight = isSecretOf(key?.secretHash ?? nobodysHash, secret);
    return key && isRight ? { ...key.grant, keyId, personId: key.personId, cell: key.cell } : undefined;
  }

  /** Whether a key that was found right is still one: for who keeps a door open. As late as `revocationBoundMs`. */
  async isInForce(keyId: string, deadline: Deadline): Promise<boolean> {
    return isKeyId(keyId) && (await this.#keyInForce(keyId, deadline)) !== undefined;
  }

  async #keyInForce(keyId: string, deadline: Deadline): Promise<IssuedKey | undefined> {
    const cached = this.#cache.get(keyId);
    if (cached) return cached.key;
    const underWay = this.#reading.get(keyId);
    if (underWay) return underWay;
    const readAtMs = this.#clock.monotonicMs();
    const reading = this.#read(keyId, deadline);
    this.#reading.set(keyId, reading);
    try {
      const key = await reading;
      if (this.#reading.get(keyId) === reading) this.#cache.put(keyId, { key, readAtMs });
      return key;
    } finally {
      if (this.#reading.get(keyId) === reading) this.#reading.delete(keyId);
    }
  }

  async #read(keyId: string, deadline: Deadline): Promise<IssuedKey | undefined> {
    const { state, last } = await this.#handler.load(keyStream(keyId), deadline);
    if (state.kind !== 'key' || state.revokedAt !== undefined || !last) return undefined;
    return { ...state, cell: last.cell };
  }

  /** A read that is under way began before the change: its answer is not kept. */
  #forget(keyId: string): void {
    this.#cache.delete(keyId);
    this.#reading.delete(keyId);
  }
}
