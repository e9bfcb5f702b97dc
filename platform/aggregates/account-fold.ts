import * as z from 'zod/mini';
import type { HaltingBreach } from '../../domain/account/commands.ts';
import type {
  AccountChangeRefused,
  AccountConfigured,
  AccountEvent,
  AccountHalted,
  AccountOpened,
  HaltLifted,
  PositionsClosingRequested,
  RestrictionLifted,
} from '../../domain/account/events.ts';
import { evolve } from '../../domain/account/evolve.ts';
import { type AccountState, unopened } from '../../domain/account/state.ts';
import type { Foldable } from '../command-handler/aggregate.ts';
import { as, exactly, type Readers, upcastWith } from './stored-events.ts';
import { accountId, count, currency, entry, reason, text, timestamp } from './value-schemas.ts';

const nothing = z.strictObject({});
const repayment = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cash'), currency, posting: z.strictObject({ cash: entry }) }),
  z.strictObject({ kind: z.literal('shares'), symbol: text, posting: z.strictObject({ shares: entry }) }),
]);

const haltingBreach = exactly<HaltingBreach>()({
  breachId: text,
  watched: text,
  limit: text,
  observed: text,
  at: timestamp,
});

const readers: Readers<AccountEvent> = {
  AccountOpened: [
    as('AccountOpened', exactly<AccountOpened['data']>()({ accountId, currency, epoch: count })),
  ],
  AccountHalted: [
    as(
      'AccountHalted',
      exactly<AccountHalted['data']>()({ reason: text, breach: z.exactOptional(haltingBreach) }),
    ),
  ],
  HaltLifted: [as('HaltLifted', exactly<HaltLifted['data']>()({ approvalId: z.exactOptional(text) }))],
  RestrictionLifted: [
    as(
      'RestrictionLifted',
      exactly<RestrictionLifted['data']>()({ repaid: z.exactOptional(z.array(repayment)) }),
    ),
  ],
  AccountClosed: [as('AccountClosed', nothing)],
  AccountConfigured: [
    as(
      'AccountConfigured',
      exactly<AccountConfigured['data']>()({
        suspendTrade: z.exactOptional(z.boolean()),
        cancelOnDisconnect: z.exactOptional(z.boolean()),
      }),
    ),
  ],
  PositionsClosingRequested: [
    as(
      'PositionsClosingRequested',
      exactly<PositionsClosingRequested['data']>()({
        positions: z.array(z.strictObject({ symbol: text, quantity: text })),
      }),
    ),
  ],
  AccountChangeRefused: [
    as(
      'AccountChangeRefused',
      exactly<AccountChangeRefused['data']>()({
        change: z.enum(['halt', 'lift-halt', 'lift-restriction', 'close', 'configure', 'close-positions']),
        reason,
        limit: z.exactOptional(text),
        observed: z.exactOptional(text),
      }),
    ),
  ],
};

/** Accounts for who only reads them. The fingerprint is raised by the rule beside `orderFold`. */
export const accountFold: Foldable<AccountState, AccountEvent> = {
  kind: 'account',
  fingerprint: 'account-3',
  initial: unopened,
  evolve,
  upcast: upcastWith(readers),
};
