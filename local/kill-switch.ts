import { enforceKillSwitch } from '../functions/schedules/enforce-kill-switch.ts';
import type { Dependencies } from '../functions/dependencies.ts';
import { Rounds } from '../platform/clock/rounds.ts';
import { KillSwitchEnforcement } from '../platform/kill-switch/enforcement.ts';
import type { Lag } from '../platform/telemetry/consumer-metrics.ts';

/** Here nobody has to wait for a schedule's minute. */
const everyMs = 1_000;

/** Cancels what works in the scope of a kill switch, within moments of its being thrown. */
export function openEnforcement(
  dependencies: Dependencies,
  lag?: () => Promise<Lag>,
): {
  readonly enforcement: KillSwitchEnforcement;
  readonly rounds: Rounds;
} {
  const { clock, telemetry } = dependencies;
  const { log } = telemetry;
  const enforcement = new KillSwitchEnforcement({ ...dependencies, ...(lag && { lag }) });
  const pass = enforceKillSwitch({ enforcement, clock, ...telemetry });
  const rounds = new Rounds({
    clock,
    round: async () => {
      await pass();
      return everyMs;
    },
    afterFailureMs: everyMs,
    onFailure: (error) => log.error('the kill switches could not be enforced; trying again', error),
  });
  return { enforcement, rounds };
}
