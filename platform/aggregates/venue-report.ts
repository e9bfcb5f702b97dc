import * as z from 'zod/mini';
import type { VenueReport } from '../../domain/order/commands.ts';
import { cancelReasons } from '../../domain/order/events.ts';
import type { RecordReport } from '../../domain/venue-report/commands.ts';
import { effects, venueReport as decider } from '../../domain/venue-report/decide.ts';
import type {
  ExecutionKeyed,
  ExecutionNumbers,
  VenueReported,
  VenueReportEvent,
} from '../../domain/venue-report/events.ts';
import type { VenueReportState } from '../../domain/venue-report/state.ts';
import type { Aggregate } from '../command-handler/aggregate.ts';
import { CorruptCommit } from '../event-store/errors.ts';
import type { Commit } from '../event-store/port.ts';
import { as, exactly, type Readers, upcastWith } from './stored-events.ts';
import { executionId, orderId, price, quantity, reason, text, venuePosition } from './value-schemas.ts';

const is = <const Kind extends VenueReport['report']>(kind: Kind) => ({ report: z.literal(kind) });
const perhapsText = { text: z.exactOptional(text) };
const execution = { executionId, lastQuantity: quantity, lastPrice: price };

/** What a venue can say, as it is stored. */
export const venueReportSchema: z.ZodMiniType<VenueReport> = z.discriminatedUnion('report', [
  z.strictObject({ ...is('accept'), venueOrderId: text }),
  z.strictObject({ ...is('reject'), text }),
  z.strictObject({
    ...is('execute'),
    ...execution,
    liquidity: z.exactOptional(z.enum(['added', 'removed'])),
  }),
  z.strictObject(is('confirm-cancel')),
  z.strictObject({ ...is('reject-cancel'), ...perhapsText }),
  z.strictObject(is('confirm-replace')),
  z.strictObject({ ...is('reject-replace'), ...perhapsText }),
  z.strictObject({ ...is('cancel'), reason: z.enum(cancelReasons) }),
  z.strictObject({ ...is('expire'), reason: z.enum(['day', 'date', 'session', 'auction']) }),
  z.strictObject(is('done-for-day')),
  z.strictObject(is('resume')),
  z.strictObject(is('trigger')),
  z.strictObject({
    ...is('stop'),
    stoppedQuantity: z.exactOptional(quantity),
    stoppedPrice: z.exactOptional(price),
  }),
  z.strictObject(is('suspend')),
  z.strictObject(is('calculate')),
  z.strictObject({
    ...is('restate'),
    orderQuantity: z.exactOptional(quantity),
    limitPrice: z.exactOptional(price),
    ...perhapsText,
  }),
  z.strictObject({ ...is('bust'), executionId }),
  z.strictObject({ ...is('correct'), ...execution, replacesExecutionId: executionId }),
]);

const venueReported = exactly<VenueReported['data']>()({
  venueId: text,
  orderId,
  report: venueReportSchema,
  dispute: z.exactOptional(z.strictObject({ reason, text })),
});
const numbers = exactly<ExecutionNumbers>()({
  orderId,
  ...execution,
  replacesExecutionId: z.exactOptional(executionId),
});
const executionKeyed = exactly<ExecutionKeyed['data']>()({ venueId: text, numbers, position: venuePosition });

const readers: Readers<VenueReportEvent> = {
  VenueReported: [as('VenueReported', venueReported)],
  ExecutionKeyed: [as('ExecutionKeyed', executionKeyed)],
};

const upcast = upcastWith(readers);

/** A venue's reports on one order per stream, and one execution id per key stream. The fingerprint: as beside `order`. */
export const venueReport: Aggregate<RecordReport, VenueReportState, VenueReportEvent> = {
  ...decider,
  kind: 'venue',
  fingerprint: 'venue-1',
  upcast,
  effects,
  taken(command, commit) {
    const keyed = keyedIn(commit);
    if (commit.stream === command.keys?.execution) return { ...command, taken: { execution: keyed } };
    return command.taken ? { ...command, taken: { ...command.taken, conflict: keyed } } : command;
  },
};

/** What the first commit of a key stream says. Throws `CorruptCommit` for any other commit. */
function keyedIn(commit: Commit): ExecutionKeyed['data'] {
  const event = upcast(commit.events[0]);
  if (event.type !== 'ExecutionKeyed') throw new CorruptCommit(`${commit.stream} is not a key stream`);
  return event.data;
}
