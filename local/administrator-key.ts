import { apiKey } from '../platform/aggregates/api-key.ts';
import type { Clock } from '../platform/clock/clock.ts';
import { CommandHandler } from '../platform/command-handler/command-handler.ts';
import type { EventStore } from '../platform/event-store/port.ts';
import { KeyRing } from '../platform/keys/key-ring.ts';
import type { Random } from '../platform/random/random.ts';
import { systemContext } from './system-context.ts';

export interface CellToOpen {
  readonly cell: string;
  readonly store: EventStore;
  readonly clock: Clock;
  readonly random: Random;
}

/** On record as the issuer: nobody had a key yet who could have been. */
export const openedBy = 'first-key';

/** A key that makes accounts and further keys. Whoever may write the log may do this, and it stands there. */
export function issueAdministratorKey(
  cell: CellToOpen,
  personId: string,
): Promise<{ readonly keyId: string; readonly secret: string }> {
  const onQuarantine = (_stream: string, error: Error) => {
    throw error;
  };
  const handler = new CommandHandler({ aggregate: apiKey, ...cell, onQuarantine });
  const keys = new KeyRing(handler, cell.clock, cell.cell);
  const request = { grant: { role: 'administrator' }, personId, issuedBy: openedBy } as const;
  return keys.issue(request, systemContext(openedBy, cell.clock));
}
