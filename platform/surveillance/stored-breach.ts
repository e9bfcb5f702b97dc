import { CorruptCommit } from '../event-store/errors.ts';
import { storedJson } from '../event-store/stored-text.ts';
import type { BreachRecord, Settlement } from './port.ts';
import type { Breach } from './watch.ts';

/** What was stored as JSON text. The consumer's name vouches for its shape. */
export function storedBreach(body: unknown, settled: unknown): BreachRecord {
  const breach = storedJson(body, 'a breach');
  if (!isBreach(breach)) throw new CorruptCommit('surveillance holds something that is no breach');
  if (settled === null || settled === undefined) return breach;
  const settlement = storedJson(settled, 'what became of a breach');
  if (!isSettlement(settlement)) throw new CorruptCommit('what became of a breach is not what was written');
  return { ...breach, settled: settlement };
}

function isBreach(value: unknown): value is Breach {
  return typeof value === 'object' && value !== null && 'breachId' in value;
}

function isSettlement(value: unknown): value is Settlement {
  return typeof value === 'object' && value !== null && 'outcome' in value;
}
