import { accountStream } from '../../domain/account/state.ts';
import { accountFold } from '../aggregates/account-fold.ts';
import { killSwitch as killSwitchAggregate } from '../aggregates/kill-switch.ts';
import { kindOf, type Projection } from '../consumer/port.ts';
import type { Commit } from '../event-store/port.ts';
import type { OrderStep } from '../views/order-steps.ts';
import { type StreamFold, streamProjection } from '../views/stream-fold.ts';
import type { TransferStep } from '../views/transfer-steps.ts';
import type { SurveillanceEffect } from './effect.ts';
import { holdingChange, movedBy } from './holding-change.ts';
import { surveillanceName } from './version.ts';

const ofOrdersAndTransfers = streamProjection(surveillanceName, {
  ofOrder,
  ofTransfer,
});

/**
 * Follows orders and transfers for what they come to, accounts and kill switches for who was stopped and who may go on. The latter
 * two need no memory of their streams.
 */
export const surveillanceProjection: Projection<StreamFold, SurveillanceEffect> = {
  ...ofOrdersAndTransfers,
  kinds: [...ofOrdersAndTransfers.kinds, accountFold.kind, killSwitchAggregate.kind],
  apply(memory, commit) {
    switch (kindOf(commit.stream)) {
      case accountFold.kind:
        return { memory, effect: ofAccount(commit) };
      case killSwitchAggregate.kind:
        return { memory, effect: ofKillSwitch(commit) };
      default:
        return ofOrdersAndTransfers.apply(memory, commit);
    }
  },
};

function placeOf({ stream, version, at }: Commit): Pick<SurveillanceEffect, 'stream' | 'version' | 'at'> {
  return { stream, version, at };
}

/** What an account's own people or programs ask for is a message: new, replace or cancel, also when it is refused. */
function ofOrder(steps: readonly OrderStep[], commit: Commit): SurveillanceEffect {
  const place = placeOf(commit);
  const after = steps.at(-1)?.after;
  if (after?.kind !== 'order' && after?.kind !== 'denied') return place;
  const isAsked = commit.actor.kind === 'client' || commit.actor.kind === 'desk';
  const types = steps.map(({ event }) => event.type);
  const refused = types.filter((type) => type === 'OrderDenied' || type === 'OrderRejected').length;
  const executions = types.filter((type) => type === 'OrderExecuted').length;
  const { accountId, strategyId } = after.kind === 'order' ? after : after.denial;
  const holding = holdingChange(steps);
  return {
    ...place,
    accountId,
    ...(isAsked && { messages: 1 }),
    ...(refused > 0 && { refusals: refused }),
    ...(strategyId !== undefined && executions > 0 && { strategy: { strategyId, executions } }),
    ...(holding && { holding }),
  };
}

function ofTransfer(steps: readonly TransferStep[], commit: Commit): SurveillanceEffect {
  const place = placeOf(commit);
  const after = steps.at(-1)?.after;
  const holding = movedBy(steps);
  return after?.kind === 'transfer' && holding ? { ...place, accountId: after.accountId, holding } : place;
}

function ofAccount(commit: Commit): SurveillanceEffect {
  const place = placeOf(commit);
  const types = commit.events.map((stored) => accountFold.upcast(stored).type);
  const accountId = commit.stream.slice(accountStream('').length);
  if (types.includes('AccountHalted')) return { ...place, accountId, standing: { became: 'stopped' } };
  return types.includes('HaltLifted') ? { ...place, accountId, standing: { became: 'free' } } : place;
}

/** Every commit of the switches has one event. */
function ofKillSwitch(commit: Commit): SurveillanceEffect {
  const place = placeOf(commit);
  const [stored] = commit.events;
  const event = stored && killSwitchAggregate.upcast(stored);
  if (!event || event.type === 'KillSwitchChangeRefused' || event.data.scope.of !== 'strategy') return place;
  const { accountId, strategyId } = event.data.scope;
  const became = event.type === 'KillSwitchThrown' ? 'stopped' : 'free';
  return { ...place, accountId, standing: { became, strategyId } };
}
