import type { KillSwitchEvent } from '../../../domain/kill-switch/events.ts';
import type { KillSwitchScope } from '../../../domain/kill-switch/scope.ts';
import type { Commit } from '../../../platform/event-store/port.ts';

export interface Thrown {
  readonly scope: KillSwitchScope;
  readonly allowReducing: boolean;
  readonly thrown: number;
}

/** The kill switches as their stream says. */
export class KillSwitches {
  readonly #thrown = new Map<string, Thrown>();

  learn({ version, events }: Commit): void {
    for (const event of events as unknown as readonly KillSwitchEvent[]) {
      if (event.type === 'KillSwitchChangeRefused') continue;
      const { scope } = event.data;
      const name = JSON.stringify(scope);
      const before = this.#thrown.get(name);
      if (event.type === 'KillSwitchThrown')
        this.#thrown.set(name, { scope, allowReducing: event.data.allowReducing, thrown: version });
      else if (event.data.to === 'off') this.#thrown.delete(name);
      else if (before) this.#thrown.set(name, { ...before, allowReducing: true });
    }
  }

  all(): readonly Thrown[] {
    return [...this.#thrown.values()];
  }

  stops({ accountId, symbol, side }: { accountId: string; symbol: string; side: string }): boolean {
    return this.all().some(({ scope, allowReducing }) => {
      if (allowReducing && side === 'sell') return false;
      if (scope.of === 'firm') return true;
      if (scope.of === 'instrument') return scope.symbol === symbol;
      // Nobody here trades under the name of a strategy.
      return scope.of === 'account' && scope.accountId === accountId;
    });
  }
}
