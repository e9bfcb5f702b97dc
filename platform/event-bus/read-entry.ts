import * as z from 'zod/mini';
import { timestamp } from '../../domain/values/time.ts';
import type { Commit, StoredEvent } from '../event-store/port.ts';

/** What an entry tells its subscriber: the commit, or only where in the log it is. */
export type Announced =
  | { readonly announced: 'commit'; readonly commit: Commit }
  | { readonly announced: 'reference'; readonly stream: string; readonly version: number }
  /** Not ours, or mangled so that not even its place can be told. */
  | { readonly announced: 'nothing'; readonly error: Error };

const text = z.string();
const version = z.int().check(z.minimum(1));
const place = z.object({ stream: text.check(z.minLength(3)), version });

const event: z.ZodMiniType<StoredEvent> = z.object({
  type: text,
  schema: version,
  data: z.record(z.string(), z.unknown()),
});

const actor = z.object({
  kind: z.enum(['client', 'desk', 'operator', 'venue', 'risk', 'system']),
  id: text,
  apiKeyId: z.exactOptional(text),
  proof: z.exactOptional(text),
});

/** Members a later release adds are passed over. */
const commit: z.ZodMiniType<Commit> = z.object({
  stream: text,
  version,
  events: z.tuple([event], event),
  commitId: text,
  commandId: z.exactOptional(text),
  requestHash: z.exactOptional(text),
  at: z.pipe(z.int().check(z.minimum(0)), z.transform(timestamp)),
  actor,
  correlationId: z.exactOptional(text),
  causationId: z.exactOptional(text),
  traceparent: z.exactOptional(text),
  config: z.exactOptional(text),
  cell: text,
  epoch: z.int().check(z.minimum(0)),
  previousHash: z.exactOptional(text),
});

/** `detail` as a subscriber was handed it. A commit that cannot be read is a reference to the one in the log. */
export function readEntry(detail: unknown): Announced {
  const where = place.safeParse(detail);
  if (!where.success) return { announced: 'nothing', error: new UnreadableEntry(where.error.message) };
  const { stream, version: at } = where.data;
  const whole = commit.safeParse(Object(detail).commit);
  const isThatCommit = whole.success && whole.data.stream === stream && whole.data.version === at;
  if (isThatCommit) return { announced: 'commit', commit: whole.data };
  return { announced: 'reference', stream, version: at };
}

/** An entry that does not say which commit it stands for: the sweep brings it, if it was one of ours. */
export class UnreadableEntry extends Error {
  override readonly name = 'UnreadableEntry';
}
