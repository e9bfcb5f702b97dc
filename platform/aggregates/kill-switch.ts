import * as z from 'zod/mini';
import type { KillSwitchCommand } from '../../domain/kill-switch/commands.ts';
import { killSwitch as decider } from '../../domain/kill-switch/decide.ts';
import { effects } from '../../domain/kill-switch/effects.ts';
import type { KillSwitchEvent } from '../../domain/kill-switch/events.ts';
import type { KillSwitchScope } from '../../domain/kill-switch/scope.ts';
import type { KillSwitches, KillSwitchState } from '../../domain/kill-switch/state.ts';
import type { Aggregate } from '../command-handler/aggregate.ts';
import { as, exactly, type Readers, upcastWith } from './stored-events.ts';
import { reason, text } from './value-schemas.ts';

type DataOf<Type extends KillSwitchEvent['type']> = Extract<KillSwitchEvent, { type: Type }>['data'];

const version = z.int().check(z.positive());

export const killSwitchScope: z.ZodMiniType<KillSwitchScope> = z.discriminatedUnion('of', [
  z.strictObject({ of: z.literal('firm') }),
  z.strictObject({ of: z.literal('account'), accountId: text }),
  z.strictObject({ of: z.literal('instrument'), symbol: text }),
  z.strictObject({ of: z.literal('strategy'), accountId: text, strategyId: text }),
]);

const thrown = exactly<DataOf<'KillSwitchThrown'>>()({
  scope: killSwitchScope,
  allowReducing: z.boolean(),
  reason: text,
  by: text,
});
const released = exactly<DataOf<'KillSwitchReleased'>>()({
  scope: killSwitchScope,
  to: z.enum(['off', 'reduce-only']),
  thrown: version,
  reason: text,
  by: text,
  approvalId: text,
});
const refused = exactly<DataOf<'KillSwitchChangeRefused'>>()({
  change: z.enum(['throw', 'release']),
  scope: killSwitchScope,
  by: text,
  reason,
  limit: z.exactOptional(text),
  observed: z.exactOptional(text),
});

const readers: Readers<KillSwitchEvent> = {
  KillSwitchThrown: [as('KillSwitchThrown', thrown)],
  KillSwitchReleased: [as('KillSwitchReleased', released)],
  KillSwitchChangeRefused: [as('KillSwitchChangeRefused', refused)],
};

/** What the item holds that is written with the stream. */
export const thrownSwitches: z.ZodMiniType<KillSwitches['thrown']> = z.array(
  z.strictObject({ scope: killSwitchScope, allowReducing: z.boolean(), thrown: version }),
);

/** All switches of a cell in one stream. The fingerprint is raised by the rule beside `order`. */
export const killSwitch: Aggregate<KillSwitchCommand, KillSwitchState, KillSwitchEvent> = {
  ...decider,
  kind: 'killswitch',
  fingerprint: 'killswitch-1',
  upcast: upcastWith(readers),
  effects,
};
