import type { Side } from '../order/terms.ts';
import type { Switches } from '../risk/rules.ts';
import { findSwitch, type KillSwitches, type ThrownSwitch } from './state.ts';
import type { KillSwitchScope } from './scope.ts';

/** An order as far as the switches look at it. */
export interface SwitchSubject {
  readonly accountId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly strategyId?: string;
}

/**
 * Which switches stop an order, or end one that works. A sale reduces: there are no short sales, so nobody can sell more than they hold.
 */
export function stopsFor(
  switches: Pick<KillSwitches, 'thrown'>,
  { accountId, symbol, side, strategyId }: SwitchSubject,
): Switches {
  const stops = (scope: KillSwitchScope) => isStopping(findSwitch(switches.thrown, scope), side);
  return {
    firm: stops({ of: 'firm' }),
    account: stops({ of: 'account', accountId }),
    instrument: stops({ of: 'instrument', symbol }),
    ...(strategyId !== undefined &&
      stops({ of: 'strategy', accountId, strategyId }) && { strategy: true as const }),
  };
}

function isStopping(found: ThrownSwitch | undefined, side: Side): boolean {
  return found !== undefined && !(found.allowReducing && side === 'sell');
}
