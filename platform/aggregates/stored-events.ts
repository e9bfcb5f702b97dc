import type * as z from 'zod/mini';
import type { DomainEvent } from '../../domain/decider.ts';
import { CorruptCommit } from '../event-store/errors.ts';
import type { StoredEvent } from '../event-store/port.ts';
import { compiledObject } from '../schemas/compiled-object.ts';

/** Today's event from a stored one of some schema. */
type Reader<Event> = (stored: StoredEvent) => Event;

/**
 * How every type of event is read: one reader per schema number it was ever written with, the first at index 0. The readers of
 * old schemas turn them into today's. What is stored stays for ever, so a reader is never removed.
 */
export type Readers<Event extends DomainEvent> = {
  readonly [Type in Event['type']]: readonly Reader<Extract<Event, { readonly type: Type }>>[];
};

/** Reads `data` as it is written today. */
export function as<const Type extends string, Data>(
  type: Type,
  data: z.ZodMiniType<Data>,
): Reader<DomainEvent<Type, Data>> {
  return (stored) => ({ type, schema: stored.schema, data: data.parse(stored.data) });
}

type Shape<Data> = { readonly [Name in keyof Data]-?: z.ZodMiniType<Data[Name]> };

/** Exactly the members of `Data`: one more or one less in what is stored is no event of ours. */
export function exactly<Data>() {
  return <Members extends Shape<Data>>(members: Members) => compiledObject(members);
}

/** Checks a stored event against its type and schema number. Throws `CorruptCommit` for all that was never written by us. */
export function upcastWith<Event extends DomainEvent>(readers: Readers<Event>): Reader<Event> {
  const table = new Map<string, readonly Reader<Event>[]>(Object.entries(readers));
  return (stored) => {
    const read = table.get(stored.type)?.[stored.schema - 1];
    if (!read) throw new CorruptCommit(`${stored.type} schema ${stored.schema} is unknown`);
    try {
      return read(stored);
    } catch (cause) {
      throw new CorruptCommit(`${stored.type} schema ${stored.schema} is not what was written`, { cause });
    }
  };
}
