import { systemClock } from '../../platform/clock/clock.ts';
import { systemRandom } from '../../platform/random/random.ts';
import type { Routes } from '../api/door/routes.ts';
import { type DoorDependencies, wrap } from '../api/door/wrap.ts';
import { type ApiFunctionName, functionNamed } from '../manifest.ts';
import { type ApiHandler, notNow } from './api.ts';
import { invoked } from './invocation.ts';

/** Nobody has a key here, because nobody needs one. */
const nobody: Pick<DoorDependencies, 'keys' | 'rateLimiter'> = {
  keys: { authenticate: async () => undefined },
  rateLimiter: {
    guessingBlockedFor: () => undefined,
    countFailure: () => undefined,
    take: () => undefined,
  },
};

/** An HTTP function whose routes are for anybody and which reaches nothing. */
export function publicFunction(name: ApiFunctionName, open: () => Routes): ApiHandler {
  return invoked({
    compose: async ({ telemetry }) => {
      const around = { clock: systemClock, random: systemRandom, telemetry, requestLogEvery: 1, ...nobody };
      return { handle: wrap(functionNamed(name), open(), around) };
    },
    failed: notNow,
  });
}
