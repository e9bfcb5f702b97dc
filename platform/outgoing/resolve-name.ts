import { Resolver } from 'node:dns/promises';
import type { Clock } from '../clock/clock.ts';
import { type Deadline, remainingMs } from '../deadline/deadline.ts';

/** Every address of a name, IPv4 and IPv6, from one question each. Throws when there is none, or no answer in time. */
export type ResolveName = (name: string, deadline: Deadline) => Promise<readonly string[]>;

const questionMs = 2_000;

/**
 * Asks the name servers themselves. The system's own look-up would wait in one of four threads that all files and names of the process
 * share, and a name server of somebody's who wants it so can keep it waiting. It follows that names in a hosts file are not known.
 */
export function nameServers(clock: Clock): ResolveName {
  return async (name, deadline) => {
    const timeout = Math.max(1, Math.min(questionMs, Math.ceil(remainingMs(deadline, clock))));
    const resolver = new Resolver({ timeout, tries: 1 });
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const [failed] = answers.filter((answer) => answer.status === 'rejected');
    if (addresses.length === 0 && failed) throw failed.reason;
    return addresses;
  };
}
