import type { AccountCommand } from '../../domain/account/commands.ts';
import { account as decider } from '../../domain/account/decide.ts';
import { effects, observe } from '../../domain/account/effects.ts';
import type { AccountEvent } from '../../domain/account/events.ts';
import type { AccountState } from '../../domain/account/state.ts';
import type { Aggregate } from '../command-handler/aggregate.ts';
import { accountFold } from './account-fold.ts';

/** One account per stream. */
export const account: Aggregate<AccountCommand, AccountState, AccountEvent> = {
  ...decider,
  ...accountFold,
  effects,
  observe,
};
