import type { DomainEvent } from '../domain/decider.ts';
import { assert } from '../domain/values/assert.ts';
import { apiKey } from '../platform/aggregates/api-key.ts';
import type { Aggregate } from '../platform/command-handler/aggregate.ts';
import { CommandHandler } from '../platform/command-handler/command-handler.ts';
import { KeyRing } from '../platform/keys/key-ring.ts';
import { RateLimiter } from '../platform/rate-limits/rate-limiter.ts';
import type { Door, Ground } from './dependencies.ts';

/** What differs between deployables: where things are kept and said. */
export type Foundations = Ground;

/** The command handler of an aggregate, of which a process has one: whoever asks first has it made. */
export type HandlerOf = <Command, State, Event extends DomainEvent>(
  aggregate: Aggregate<Command, State, Event>,
) => CommandHandler<Command, State, Event>;

export interface Grounded {
  readonly ground: Ground;
  readonly handlerOf: HandlerOf;
}

export function layGround(foundations: Foundations): Grounded {
  const { cell, store, clock, random, telemetry } = foundations;
  const quarantines = telemetry.metrics.counter('quarantines', {});
  const onQuarantine = (stream: string, error: Error) => {
    quarantines.add();
    telemetry.log.error(
      'stream quarantined: nothing more is decided on it until somebody has looked',
      error,
      { stream },
    );
  };
  const handlers = new Map<string, { readonly of: unknown; readonly handler: Quarantining }>();
  const handlerOf = <Command, State, Event extends DomainEvent>(
    aggregate: Aggregate<Command, State, Event>,
  ) => {
    const made = handlers.get(aggregate.kind);
    if (made) {
      assert(made.of === aggregate, 'streams of a kind are one aggregate’s');
      return made.handler as CommandHandler<Command, State, Event>;
    }
    const handler = new CommandHandler({ aggregate, store, clock, random, cell, onQuarantine });
    handlers.set(aggregate.kind, { of: aggregate, handler });
    return handler;
  };
  telemetry.metrics.gauge('streams_quarantined', {}, () => quarantinedOf(handlers.values()));
  return { ground: foundations, handlerOf };
}

/** For a process that lets callers in. */
export function doorOf({ ground, handlerOf }: Grounded): Door {
  const { cell, clock, config } = ground;
  return {
    ...ground,
    keys: new KeyRing(handlerOf(apiKey), clock, cell),
    rateLimiter: new RateLimiter(config, clock),
  };
}

type Quarantining = Pick<CommandHandler<never, never, never>, 'quarantined'>;

function quarantinedOf(handlers: Iterable<{ readonly handler: Quarantining }>): number {
  let sum = 0;
  for (const { handler } of handlers) sum += handler.quarantined.length;
  return sum;
}
