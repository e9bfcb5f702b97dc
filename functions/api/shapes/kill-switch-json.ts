import * as z from 'zod/mini';
import type { KillSwitchEvent } from '../../../domain/kill-switch/events.ts';
import type { KillSwitchScope } from '../../../domain/kill-switch/scope.ts';
import { findSwitch, type KillSwitchState } from '../../../domain/kill-switch/state.ts';
import { formatTimestamp } from '../../../domain/values/time.ts';
import type { Outcome } from '../../../platform/command-handler/outcome.ts';
import { ok, type Reply, refused, replayed } from '../door/reply.ts';
import { refusedBy } from '../shared/outcomes.ts';
import { momentText, opaqueId } from './values.ts';

const why = z.string().check(z.minLength(1), z.maxLength(200));

/** The body of `PUT /v1/kill-switches/...`. */
export const killSwitchBody = z.discriminatedUnion('on', [
  z.strictObject({ on: z.literal(true), reason: why, allow_reducing: z._default(z.boolean(), false) }),
  z.strictObject({ on: z.literal(false), reason: why }),
]);

export type KillSwitchBody = z.infer<typeof killSwitchBody>;

export const killSwitchSchema = z
  .strictObject({
    scope: z.enum(['firm', 'account', 'instrument', 'strategy']),
    account_id: z.optional(opaqueId),
    symbol: z.optional(z.string()),
    strategy_id: z.optional(z.string()),
    on: z.boolean(),
    allow_reducing: z.optional(z.boolean()),
    reason: z.optional(z.string()),
    thrown_by: z.optional(opaqueId),
    thrown_at: z.optional(momentText),
  })
  .register(z.globalRegistry, { id: 'KillSwitch' });

type KillSwitchJson = z.infer<typeof killSwitchSchema>;

/** `in_config`: the switches of the config, which count besides and are changed there. */
export const killSwitchListSchema = z.strictObject({
  version: z.int().check(z.minimum(0)),
  thrown: z.array(killSwitchSchema),
  in_config: z.strictObject({
    firm: z.boolean(),
    accounts: z.array(z.string()),
    instruments: z.array(z.string()),
  }),
});

function scopeJson(
  scope: KillSwitchScope,
): Pick<KillSwitchJson, 'scope' | 'account_id' | 'symbol' | 'strategy_id'> {
  switch (scope.of) {
    case 'firm':
      return { scope: 'firm' };
    case 'account':
      return { scope: 'account', account_id: scope.accountId };
    case 'instrument':
      return { scope: 'instrument', symbol: scope.symbol };
    case 'strategy':
      return { scope: 'strategy', account_id: scope.accountId, strategy_id: scope.strategyId };
  }
}

export function killSwitchJson({ thrown }: KillSwitchState, scope: KillSwitchScope): KillSwitchJson {
  const found = findSwitch(thrown, scope);
  if (!found) return { ...scopeJson(scope), on: false };
  return {
    ...scopeJson(scope),
    on: true,
    allow_reducing: found.allowReducing,
    reason: found.reason,
    thrown_by: found.by,
    thrown_at: formatTimestamp(found.at),
  };
}

/** The switch as it is after a change, or why there was none. */
export function killSwitchReply(
  outcome: Outcome<KillSwitchState, KillSwitchEvent>,
  scope: KillSwitchScope,
): Reply {
  if (outcome.outcome === 'key-reused') return refused('idempotency_key_reused');
  const events = outcome.outcome === 'unchanged' ? [] : outcome.events;
  const refusal = events.find((event) => event.type === 'KillSwitchChangeRefused');
  const reply = refusal ? refusedBy(refusal.data) : ok(killSwitchJson(outcome.state, scope));
  return outcome.outcome === 'replayed' ? replayed(reply) : reply;
}
