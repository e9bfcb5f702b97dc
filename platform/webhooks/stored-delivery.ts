import * as z from 'zod';
import { timestamp as toTimestamp } from '../../domain/values/time.ts';
import { CorruptCommit } from '../event-store/errors.ts';
import { storedJson } from '../event-store/stored-text.ts';
import type { Attempts, DeliveryLine } from './line.ts';
import { deliveryFaults, type DeliveryRecord, deliveryStatuses } from './port.ts';

const count = z.int().nonnegative();
const moment = count.transform(toTimestamp);
const attempts: z.ZodType<Attempts> = z.strictObject({ number: count, made: count, nextAt: moment });

const line: z.ZodType<DeliveryLine> = z.strictObject({
  webhookId: z.string(),
  revision: count,
  finished: count,
  current: attempts.exactOptional(),
  again: z.array(attempts),
  parkedInARow: count,
});

const record: z.ZodType<DeliveryRecord> = z.strictObject({
  webhookId: z.string(),
  number: count,
  event: z.string(),
  status: z.enum(deliveryStatuses),
  attempts: count,
  fault: z.enum(deliveryFaults).exactOptional(),
  answered: count.exactOptional(),
  at: moment,
  nextAt: moment.exactOptional(),
});

export function storedLine(text: unknown): DeliveryLine {
  return stored(line, text, 'a line of deliveries');
}

export function storedRecord(text: unknown): DeliveryRecord {
  return stored(record, text, 'a record of a delivery');
}

function stored<Value>(schema: z.ZodType<Value>, text: unknown, what: string): Value {
  const { success, data } = schema.safeParse(storedJson(text, what));
  if (!success) throw new CorruptCommit(`${what} is not what was written`);
  return data;
}
