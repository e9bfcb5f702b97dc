import { systemClock } from '../../platform/clock/clock.ts';
import { systemRandom } from '../../platform/random/random.ts';
import type { AdmissionDependencies } from '../api/door/admission.ts';
import type { Routes } from '../api/door/routes.ts';
import { wrap } from '../api/door/wrap.ts';
import type { HttpFunction } from '../manifest.ts';
import { type ApiHandler, notNow } from './api.ts';
import { OutOfReach } from './out-of-reach.ts';
import { invoked } from './invocation.ts';

/** Nobody has a key here, because nobody needs one. */
const nobody: AdmissionDependencies = {
  cell: '',
  config: {
    current: () => {
      throw new OutOfReach('the function is composed without a config');
    },
  },
  keys: { authenticate: async () => undefined },
  rateLimiter: {
    guessingBlockedFor: () => undefined,
    countFailure: () => undefined,
    take: () => undefined,
  },
};

/** An HTTP function whose routes are for anybody and which reaches nothing. */
export function publicFunction(entry: HttpFunction, open: () => Routes): ApiHandler {
  return invoked({
    compose: async ({ telemetry }) => {
      const around = { clock: systemClock, random: systemRandom, telemetry, requestLogEvery: 1, ...nobody };
      return { handle: wrap(entry, open(), around) };
    },
    failed: notNow,
  });
}
