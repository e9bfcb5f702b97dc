import * as z from 'zod/mini';
import { formatTimestamp } from '../../../domain/values/time.ts';
import type { Parked } from '../../../platform/consumer/port.ts';
import { momentText } from './values.ts';

const entry = z.strictObject({
  stream: z.string(),
  version: z.int(),
  error: z.string(),
  at: momentText,
});

/** What one consumer could not process: `parked` counts all, `entries` are the oldest. */
export const parkedSchema = z
  .strictObject({ consumer: z.string(), parked: z.int().check(z.minimum(0)), entries: z.array(entry) })
  .register(z.globalRegistry, { id: 'ParkedCommits' });

export const redrivenSchema = z
  .strictObject({
    consumer: z.string(),
    restored: z.int().check(z.minimum(0)),
    parked: z.int().check(z.minimum(0)),
  })
  .register(z.globalRegistry, { id: 'Redriven' });

/** Entries shown of one consumer, the oldest first; the count is of all of them. */
const shownMax = 100;

export function parkedJson(consumer: string, entries: readonly Parked[]): z.infer<typeof parkedSchema> {
  const shown = entries.toSorted((a, b) => a.at - b.at).slice(0, shownMax);
  return {
    consumer,
    parked: entries.length,
    entries: shown.map(({ stream, version, error, at }) => ({
      stream,
      version,
      error,
      at: formatTimestamp(at),
    })),
  };
}
