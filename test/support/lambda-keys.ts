import { apiKey } from '../../platform/aggregates/api-key.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import { CommandHandler } from '../../platform/command-handler/command-handler.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import type { EventStore } from '../../platform/event-store/port.ts';
import { KeyRing } from '../../platform/keys/key-ring.ts';
import { systemRandom } from '../../platform/random/random.ts';
import type { LambdaKey } from './lambda.ts';

/** The first key of a cell: nobody is there yet to issue it through the API. */
export function administrator(store: EventStore, cell: string): Promise<LambdaKey> {
  const onQuarantine = (_: string, error: Error) => {
    throw error;
  };
  const around = { store, cell, clock: systemClock, random: systemRandom, onQuarantine };
  const ring = new KeyRing(new CommandHandler({ aggregate: apiKey, ...around }), systemClock, cell);
  return ring.issue(
    { grant: { role: 'administrator' }, personId: 'first', issuedBy: 'test' },
    { actor: { kind: 'system', id: 'test', proof: 'internal' }, deadline: deadlineIn(5_000, systemClock) },
  );
}
