import type { Decider } from '../decider.ts';
import { unreachable } from '../values/assert.ts';
import type { OrderCommand } from './commands.ts';
import type { OrderEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { releaseExit, withExitDue } from './exits.ts';
import { place } from './place.ts';
import { applyReport, applyReports } from './reports.ts';
import { requestCancel, requestReplace } from './requests.ts';
import { withPosting } from './settle.ts';
import { isWithUs, type OrderState, unborn, waitsForEntry } from './state.ts';
import { electStop } from './stop-leg.ts';
import { expiryOf } from './terms.ts';

export function decide(command: OrderCommand, state: OrderState): readonly OrderEvent[] {
  return withExitDue(state, decided(command, state));
}

function decided(command: OrderCommand, state: OrderState): readonly OrderEvent[] {
  switch (command.do) {
    case 'place':
      return state.kind === 'unborn' ? place(command) : [];
    case 'request-cancel':
      return requestCancel(command, state);
    case 'request-replace':
      return requestReplace(command, state);
    case 'release':
      return release(state);
    case 'expire':
      return expire(state);
    case 'release-exit':
      return releaseExit(command, state);
    case 'elect-stop':
      return electStop(command, state);
    case 'apply-report':
      return applyReport(command, state);
    case 'apply-reports':
      return applyReports(command, state);
    default:
      return unreachable(command);
  }
}

/** Only what no venue has: nobody can have filled it. */
function expire(state: OrderState): readonly OrderEvent[] {
  if (state.kind !== 'order' || !isWithUs(state)) return [];
  const reason = expiryOf(state.terms);
  return [withPosting(state, { type: 'OrderExpired', schema: 1, data: { reason } })];
}

function release(state: OrderState): readonly OrderEvent[] {
  if (state.kind !== 'order' || (state.phase.name !== 'received' && state.phase.name !== 'held')) return [];
  if (waitsForEntry(state)) return [];
  return [{ type: 'OrderReleased', schema: 1, data: {} }];
}

export const order: Decider<OrderCommand, OrderState, OrderEvent> = { initial: unborn, decide, evolve };
