import type { KeyCommand } from '../../../domain/api-key/commands.ts';
import type { KeyEvent } from '../../../domain/api-key/events.ts';
import type { KeyState } from '../../../domain/api-key/state.ts';
import { composeApi } from '../../../functions/compose.ts';
import { composeDependencies } from '../../../functions/compose-dependencies.ts';
import { composeWebhooks } from '../../../functions/compose-webhooks.ts';
import type { LambdaHandler } from '../../../functions/api/door/wrap.ts';
import type { RouteKey } from '../../../functions/manifest.ts';
import type { AccountFeed } from '../../../platform/account-feed/port.ts';
import { apiKey } from '../../../platform/aggregates/api-key.ts';
import type { Clock } from '../../../platform/clock/clock.ts';
import { CommandHandler } from '../../../platform/command-handler/command-handler.ts';
import type { EventStore } from '../../../platform/event-store/port.ts';
import type { HotConfig } from '../../../platform/hot-config/port.ts';
import type { Random } from '../../../platform/random/random.ts';
import { masterSecretOf } from '../../../platform/secrets/derived.ts';
import { fixedRing } from '../../../platform/secrets/ring.ts';
import { MemorySurveillance } from '../../../platform/surveillance/memory.ts';
import { nothingWatched } from '../../../platform/surveillance/watch.ts';
import type { Telemetry } from '../../../platform/telemetry/port.ts';
import { silent } from '../../../platform/telemetry/silent.ts';
import type { Views } from '../../../platform/views/port.ts';
import { MemoryDeliveryStore } from '../../../platform/webhooks/memory.ts';
import { cell } from './key.ts';
import { contextWith, type DoorCall, eventOf } from './http.ts';

export interface FrontDoorParts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly config: HotConfig;
  readonly views: Views;
  readonly feed: AccountFeed;
  readonly onImpossible: (what: string, error: unknown) => void;
}

/** What came back over HTTP. */
export interface DoorAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly isReplayed: boolean;
  /** Seconds to wait before asking again, where the answer says so. */
  readonly retryAfter: number | undefined;
}

/** The HTTP API of one process: the functions of the product, composed as its deployables compose them, over what this process has. */
export class FrontDoor {
  /** Keys come into the world through it: those of the API itself are random. */
  readonly keys: CommandHandler<KeyCommand, KeyState, KeyEvent>;
  readonly #clock: Clock;
  readonly #handlers = new Map<string, LambdaHandler>();

  constructor({ store, clock, random, config, views, feed, onImpossible }: FrontDoorParts) {
    this.#clock = clock;
    const telemetry: Telemetry = { ...silent, log: { ...silent.log, error: onImpossible } };
    const webhooks = {
      deliveries: new MemoryDeliveryStore(),
      ring: fixedRing([masterSecretOf(new Uint8Array(32))]),
      resolve: async () => [],
    };
    const dependencies = composeDependencies({
      cell,
      store,
      clock,
      random,
      config,
      telemetry,
      requestLogEvery: 1,
      views,
      accountFeed: feed,
      surveillance: new MemorySurveillance(() => nothingWatched, clock),
      webhooks: (handler, around) => composeWebhooks(handler, { ...around, webhooks }),
    });
    for (const { entry, handler } of composeApi(dependencies))
      for (const { route } of entry.trigger.routes) this.#handlers.set(route, handler);
    const onQuarantine = onImpossible;
    this.keys = new CommandHandler({ aggregate: apiKey, store, clock, random, cell, onQuarantine });
  }

  async answer(route: RouteKey, call: DoorCall, patienceMs: number): Promise<DoorAnswer> {
    const handler = this.#handlers.get(route);
    if (!handler) throw new TypeError(`no function handles ${route}`);
    const { statusCode, headers, body } = await handler(
      eventOf(route, call),
      contextWith(this.#clock, patienceMs),
    );
    const { 'idempotency-replayed': replayed, 'retry-after': after } = headers ?? {};
    return {
      status: statusCode ?? 0,
      body: body === undefined ? {} : JSON.parse(body),
      isReplayed: replayed === 'true',
      retryAfter: after === undefined ? undefined : Number(after),
    };
  }
}
