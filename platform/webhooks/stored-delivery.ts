import * as z from 'zod/mini';
import { timestamp as toTimestamp } from '../../domain/values/time.ts';
import { CorruptCommit } from '../event-store/errors.ts';
import { storedJson } from '../event-store/stored-text.ts';
import type { Attempts, DeliveryLine } from './line.ts';
import { deliveryFaults, type DeliveryRecord, deliveryStatuses } from './port.ts';

const count = z.int().check(z.nonnegative());
const moment = z.pipe(count, z.transform(toTimestamp));
const attempts: z.ZodMiniType<Attempts> = z.strictObject({ number: count, made: count, nextAt: moment });

const line: z.ZodMiniType<DeliveryLine> = z.strictObject({
  webhookId: z.string(),
  revision: count,
  finished: count,
  current: z.exactOptional(attempts),
  again: z.array(attempts),
  parkedInARow: count,
});

const record: z.ZodMiniType<DeliveryRecord> = z.strictObject({
  webhookId: z.string(),
  number: count,
  event: z.string(),
  status: z.enum(deliveryStatuses),
  attempts: count,
  fault: z.exactOptional(z.enum(deliveryFaults)),
  answered: z.exactOptional(count),
  at: moment,
  nextAt: z.exactOptional(moment),
});

export function storedLine(text: unknown): DeliveryLine {
  return stored(line, text, 'a line of deliveries');
}

export function storedRecord(text: unknown): DeliveryRecord {
  return stored(record, text, 'a record of a delivery');
}

function stored<Value>(schema: z.ZodMiniType<Value>, text: unknown, what: string): Value {
  const { success, data } = schema.safeParse(storedJson(text, what));
  if (!success) throw new CorruptCommit(`${what} is not what was written`);
  return data;
}
