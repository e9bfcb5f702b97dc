import type { Dependencies } from '../functions/dependencies.ts';
import { respondToBreaches } from '../functions/schedules/respond-to-breaches.ts';
import { Rounds } from '../platform/clock/rounds.ts';
import { BreachResponse } from '../platform/surveillance/response.ts';

/** Looking costs one read of an index that is empty but for moments. */
const everyMs = 200;

/** Stops what crossed a limit, within moments of its being decided. */
export function openResponse(dependencies: Dependencies): {
  readonly response: BreachResponse;
  readonly rounds: Rounds;
} {
  const { clock, telemetry } = dependencies;
  const { log, metrics } = telemetry;
  const response = new BreachResponse(dependencies);
  const pass = respondToBreaches({ response, clock, log, metrics });
  const rounds = new Rounds({
    clock,
    round: async () => {
      await pass();
      return everyMs;
    },
    afterFailureMs: 1_000,
    onFailure: (error) => log.error('breaches could not be looked for; trying again', error),
  });
  return { response, rounds };
}
