import * as z from 'zod/mini';
import type { Grant, KeyCommand } from '../../domain/api-key/commands.ts';
import { apiKey as decider } from '../../domain/api-key/decide.ts';
import { effects, observe } from '../../domain/api-key/effects.ts';
import type { KeyEvent, KeyIssued } from '../../domain/api-key/events.ts';
import type { KeyState } from '../../domain/api-key/state.ts';
import type { Aggregate } from '../command-handler/aggregate.ts';
import { as, exactly, type Readers, upcastWith } from './stored-events.ts';
import { accountId, text } from './value-schemas.ts';

const grant: z.ZodMiniType<Grant> = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('client'), accountId }),
  z.strictObject({ role: z.literal('venue'), venueId: text }),
  z.strictObject({ role: z.enum(['operator', 'risk', 'auditor', 'administrator']) }),
]);

const keyIssued = exactly<KeyIssued['data']>()({
  keyId: text,
  secretHash: text,
  grant,
  personId: text,
  issuedBy: text,
});

const readers: Readers<KeyEvent> = {
  KeyIssued: [as('KeyIssued', keyIssued)],
  KeyRevoked: [as('KeyRevoked', z.strictObject({ revokedBy: text }))],
};

/** One key per stream. The fingerprint is raised by the rule beside `order`. */
export const apiKey: Aggregate<KeyCommand, KeyState, KeyEvent> = {
  ...decider,
  kind: 'key',
  fingerprint: 'key-1',
  upcast: upcastWith(readers),
  effects,
  observe,
};
