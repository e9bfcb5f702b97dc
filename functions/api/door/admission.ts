import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Deadline } from '../../../platform/deadline/deadline.ts';
import type { Allowance } from '../../../platform/rate-limits/rate-limiter.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { HttpRoute } from '../../manifest.ts';
import { type Caller, may } from './caller.ts';
import { credentialsOf } from './credentials.ts';
import { type Here, misdirected, notAtHome } from './home-cell.ts';
import type { Trail } from './observed.ts';
import { type Reply, refused } from './reply.ts';

export interface AdmissionDependencies {
  readonly cell: string;
  readonly config: Pick<Dependencies['config'], 'current'>;
  readonly keys: Pick<Dependencies['keys'], 'authenticate'>;
  readonly rateLimiter: Pick<Dependencies['rateLimiter'], 'guessingBlockedFor' | 'countFailure' | 'take'>;
}

export type Admission = { readonly caller: Caller | undefined } | { readonly refusal: Reply };

/**
 * Who is asking, may they ask this, and have they asked too much. Throttled requests get no further, so that they use up nothing. An
 * address that was wrong too often is turned away before its next guess is looked up.
 */
export async function admit(
  dependencies: AdmissionDependencies,
  { access }: HttpRoute,
  raw: APIGatewayProxyEventV2,
  { deadline, trail }: { readonly deadline: Deadline; readonly trail: Trail },
): Promise<Admission> {
  if (access === 'public') return { caller: undefined };
  const { keys, rateLimiter } = dependencies;
  const credentials = credentialsOf(raw);
  const address = raw.requestContext.http.sourceIp;
  const blockedFor = rateLimiter.guessingBlockedFor(address, credentials?.keyId);
  if (blockedFor !== undefined) return { refusal: limited(blockedFor) };
  const caller = credentials && (await keys.authenticate(credentials.keyId, credentials.secret, deadline));
  if (!caller) {
    rateLimiter.countFailure(address);
    const other = credentials && misdirected(credentials.keyId, here(dependencies));
    return { refusal: other ?? refused('not_authenticated') };
  }
  const other = notAtHome(caller, here(dependencies));
  if (other) return { refusal: other };
  trail.caller = caller;
  const allowance = rateLimiter.take(caller);
  if (allowance) trail.headers = headersOf(allowance);
  if (allowance?.isAllowed === false) return { refusal: limited(allowance.retryAfter, allowance.limit) };
  return may(caller, access) ? { caller } : { refusal: refused('not_permitted') };
}

function here({ cell, config }: AdmissionDependencies): Here {
  return { cell, cells: config.current().config.document.cells };
}

function limited(retryAfter: number, requestsPerMinute?: number): Reply {
  const limit = requestsPerMinute === undefined ? {} : { limit: `${requestsPerMinute} requests a minute` };
  return { ...refused('rate_limited', limit), headers: { 'retry-after': String(retryAfter) } };
}

/** As clients of the Alpaca API read them. */
function headersOf({ limit, remaining, resetAt }: Allowance): Reply['headers'] {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(resetAt),
  };
}
