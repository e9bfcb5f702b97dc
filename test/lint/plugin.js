import { guardedParse, noExit, noHiddenClock } from './rules/library.js';
import { noFloatMoney } from './rules/no-float-money.js';
import { noLooseTimer } from './rules/no-loose-timer.js';
import { noSwallowedError } from './rules/no-swallowed-error.js';
import { callWithSignal, noUnboundedCall, noUnboundedClient } from './rules/outgoing.js';
import {
  noAsyncCallback,
  noVoidedCall,
  raceClearsTimer,
  settledIsRead,
  signalIsUsed,
} from './rules/promises.js';
import { queueIsBounded } from './rules/queue-is-bounded.js';
import { retryIsBounded } from './rules/retry-is-bounded.js';
import { streamHasErrorHandler } from './rules/streams.js';

/** What this house asks for and no linter looks at. See docs/decisions for what the rules take for granted. */
export default {
  meta: { name: 'ordercell' },
  rules: {
    'no-swallowed-error': noSwallowedError,
    'no-unbounded-call': noUnboundedCall,
    'no-unbounded-client': noUnboundedClient,
    'call-with-signal': callWithSignal,
    'no-voided-call': noVoidedCall,
    'no-async-callback': noAsyncCallback,
    'settled-is-read': settledIsRead,
    'race-clears-timer': raceClearsTimer,
    'signal-is-used': signalIsUsed,
    'stream-has-error-handler': streamHasErrorHandler,
    'retry-is-bounded': retryIsBounded,
    'queue-is-bounded': queueIsBounded,
    'no-exit': noExit,
    'guarded-parse': guardedParse,
    'no-hidden-clock': noHiddenClock,
    'no-float-money': noFloatMoney,
    'no-loose-timer': noLooseTimer,
  },
};
