import type { DeliveryLine } from './line.ts';
import { type DeliveryRecord, parkedKept, pruneEvery, recordsKept } from './port.ts';

/** Whether old records are taken out with this write. */
export function isPruned({ revision }: DeliveryLine): boolean {
  return revision % pruneEvery === 0;
}

/** Numbers up to these have no record any more, by what became of them. */
export function forgottenUpTo({ finished }: DeliveryLine): {
  readonly others: number;
  readonly parked: number;
} {
  return { others: finished - recordsKept, parked: finished - parkedKept };
}

/** What is being tried is kept, however old it is. */
export function isKept({ number, status }: DeliveryRecord, line: DeliveryLine): boolean {
  const { others, parked } = forgottenUpTo(line);
  if (status === 'retrying') return true;
  return number > (status === 'parked' ? parked : others);
}
