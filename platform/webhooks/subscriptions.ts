import type { WebhookCommand } from '../../domain/webhook/commands.ts';
import { webhooksOf, webhooksOwner } from '../../domain/webhook/effects.ts';
import type { WebhookEvent } from '../../domain/webhook/events.ts';
import { type Webhook, type WebhookState, webhookStream } from '../../domain/webhook/state.ts';
import type { CommandHandler } from '../command-handler/command-handler.ts';
import type { CommandContext } from '../command-handler/context.ts';
import type { Outcome } from '../command-handler/outcome.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { EventStore } from '../event-store/port.ts';

export type WebhookHandler = CommandHandler<WebhookCommand, WebhookState, WebhookEvent>;

/** Names a webhook without reading it. */
export interface WebhookName {
  readonly webhookId: string;
  readonly accountId: string;
}

/** Must not throw. `accountId` is undefined where there is no such webhook, or no more. */
export type ChangeListener = (webhookId: string, accountId: string | undefined) => void;

/** The webhooks there are. */
export class Subscriptions {
  readonly #handler: WebhookHandler;
  readonly #store: Pick<EventStore, 'readItems'>;
  readonly #listeners = new Set<ChangeListener>();

  constructor(handler: WebhookHandler, store: Pick<EventStore, 'readItems'>) {
    this.#handler = handler;
    this.#store = store;
  }

  /** Throws what the command handler throws. */
  async handle(
    webhookId: string,
    command: WebhookCommand,
    context: CommandContext,
  ): Promise<Outcome<WebhookState, WebhookEvent>> {
    const outcome = await this.#handler.handle(webhookStream(webhookId), command, context);
    const { state } = outcome;
    const accountId = state.kind === 'webhook' ? state.accountId : undefined;
    for (const listener of this.#listeners) listener(webhookId, accountId);
    return outcome;
  }

  /** As it is now; undefined: there is none, or no more. */
  async find(webhookId: string, deadline: Deadline): Promise<Webhook | undefined> {
    const { state } = await this.#handler.load(webhookStream(webhookId), deadline);
    return state.kind === 'webhook' ? state : undefined;
  }

  /** Those of one account, the oldest first: as many as it may have. */
  async ofAccount(accountId: string, deadline: Deadline): Promise<readonly Webhook[]> {
    const items = await this.#store.readItems(webhooksOf(accountId), deadline);
    const open = [...items].filter(([, { status }]) => status === 'open').map(([webhookId]) => webhookId);
    const found = await Promise.all(open.map((webhookId) => this.find(webhookId, deadline)));
    return found.filter((one) => one !== undefined).toSorted((a, b) => a.createdAt - b.createdAt);
  }

  async all(deadline: Deadline): Promise<readonly WebhookName[]> {
    const items = await this.#store.readItems(webhooksOwner, deadline);
    return [...items]
      .filter(([, { status }]) => status === 'open')
      .map(([webhookId, { accountId }]) => ({ webhookId, accountId: String(accountId) }));
  }

  /** Called when something about a webhook was changed in this process. Returns how to stop. */
  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
