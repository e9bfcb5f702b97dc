import type { DomainEvent } from '../domain/decider.ts';
import { assert } from '../domain/values/assert.ts';
import { apiKey } from '../platform/aggregates/api-key.ts';
import type { Aggregate } from '../platform/command-handler/aggregate.ts';
import { CommandHandler } from '../platform/command-handler/command-handler.ts';
import { KeyRing } from '../platform/keys/key-ring.ts';
import { RateLimiter } from '../platform/rate-limits/rate-limiter.ts';
import type { Ground } from './dependencies.ts';

/** What differs between deployables: where things are kept and said. */
export type Foundations = Omit<Ground, 'keys' | 'rateLimiter'>;

/** The command handler of an aggregate, of which a process has one: it is made where it is first of use, and handed on. */
export type HandlerOf = <Command, State, Event extends DomainEvent>(
  aggregate: Aggregate<Command, State, Event>,
) => CommandHandler<Command, State, Event>;

export interface Grounded {
  readonly ground: Ground;
  readonly handlerOf: HandlerOf;
}

export function layGround(foundations: Foundations): Grounded {
  const { cell, store, clock, random, config, telemetry } = foundations;
  const onQuarantine = (stream: string, error: Error) =>
    telemetry.log.error(
      'stream quarantined: nothing more is decided on it until somebody has looked',
      error,
      {
        stream,
      },
    );
  const quarantines = new Map<string, () => number>();
  const handlerOf: HandlerOf = (aggregate) => {
    assert(!quarantines.has(aggregate.kind), 'an aggregate has one command handler in a process');
    const handler = new CommandHandler({ aggregate, store, clock, random, cell, onQuarantine });
    quarantines.set(aggregate.kind, () => handler.quarantined.length);
    return handler;
  };
  telemetry.metrics.gauge('streams_quarantined', {}, () => sumOf(quarantines.values()));
  const keys = new KeyRing(handlerOf(apiKey), clock, cell);
  return { ground: { ...foundations, keys, rateLimiter: new RateLimiter(config, clock) }, handlerOf };
}

function sumOf(counts: Iterable<() => number>): number {
  let sum = 0;
  for (const count of counts) sum += count();
  return sum;
}
