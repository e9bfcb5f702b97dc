import type { Deadline } from '../deadline/deadline.ts';
import { StoreUnavailable } from '../event-store/errors.ts';
import { type DeliveryLine, newLine } from './line.ts';
import type { DeliveryRecord, DeliveryStore } from './port.ts';

export interface LineChange {
  readonly line: DeliveryLine;
  readonly records?: readonly DeliveryRecord[];
}

/** The delivering process and whoever asks for something once more write the same line: rarely at the same time. */
const writesMax = 8;

/**
 * Changes a line, and again what has become of it when somebody else was first. `line`: as it was read last. Gives the line as it
 * is then. `undefined` from `change`: nothing is written. Throws `StoreUnavailable` when others keep being first.
 */
export async function changeLine(
  store: DeliveryStore,
  line: DeliveryLine,
  change: (line: DeliveryLine) => LineChange | undefined,
  { after, deadline }: { readonly after: number; readonly deadline: Deadline },
): Promise<DeliveryLine> {
  let before = line;
  for (let write = 1; write <= writesMax; write += 1) {
    const changed = change(before);
    if (!changed) return before;
    if ((await store.advance(changed.line, changed.records ?? [], deadline)) === 'written')
      return { ...changed.line, revision: before.revision + 1 };
    before = (await store.line(line.webhookId, deadline)) ?? newLine(line.webhookId, after);
  }
  throw new StoreUnavailable(`the deliveries of ${line.webhookId} kept changing`);
}
