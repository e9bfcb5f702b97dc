import { isIP, type LookupFunction } from 'node:net';
import { type Deadline, defaultCallMs, sooner } from '../deadline/deadline.ts';
import {
  boundedFetch,
  type OutgoingBounds,
  type OutgoingOutcome,
  type OutgoingRequest,
} from './bounded-fetch.ts';
import type { ReachableAddresses } from './reachable-addresses.ts';
import type { ResolveName } from './resolve-name.ts';

export interface GuardedBounds extends Pick<OutgoingBounds, 'clock' | 'ownBoundMs' | 'answerBytesMax'> {
  readonly reachable: ReachableAddresses;
  readonly resolve: ResolveName;
}

/**
 * A call to an address that somebody outside gave us. The name is resolved once; all it leads to has to be reachable, and the
 * connection goes to one of just these addresses, so that no second answer counts. Redirects are answers and never followed. Never throws.
 */
export async function guardedFetch(
  url: URL,
  outgoing: OutgoingRequest,
  deadline: Deadline,
  bounds: GuardedBounds,
): Promise<OutgoingOutcome> {
  const { clock, ownBoundMs = defaultCallMs, reachable } = bounds;
  const end = sooner(deadline, ownBoundMs, clock);
  const found = await addressesOf(url, end, bounds);
  if (!Array.isArray(found)) return { outcome: 'failed', reason: 'unreachable', cause: found };
  const forbidden = found.find((address) => !reachable.accepts(address));
  if (forbidden !== undefined) {
    const cause = new Error(`${url.hostname} leads to ${forbidden}, which is not to be called`);
    return { outcome: 'failed', reason: 'address_forbidden', cause };
  }
  const accepts = (address: string) => reachable.accepts(address);
  return boundedFetch(url, outgoing, end, { ...bounds, lookup: only(found), accepts });
}

/** The error when there are none. */
async function addressesOf(
  { hostname }: URL,
  deadline: Deadline,
  { resolve }: GuardedBounds,
): Promise<string[] | Error> {
  const name = hostname.replace(/^\[|\]$/g, '');
  if (isIP(name) !== 0) return [name];
  try {
    const addresses = await resolve(name, deadline);
    return addresses.length > 0 ? [...addresses] : new Error(`${name} has no address`);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Answers every question for an address with these. */
function only(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, { all: wantsAll }, callback) => {
    const [first] = all;
    if (wantsAll === true) callback(null, all);
    else callback(null, first?.address ?? '', first?.family);
  };
}
