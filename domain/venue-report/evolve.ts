import { assert } from '../values/assert.ts';
import type { VenueReportEvent } from './events.ts';
import type { VenueReportState } from './state.ts';

export function evolve(state: VenueReportState, event: VenueReportEvent): VenueReportState {
  assert(state.kind === 'reports', 'an execution id is keyed once');
  if (event.type === 'VenueReported') return { kind: 'reports', count: state.count + 1 };
  assert(state.count === 0, 'a key stream holds its key alone');
  return { kind: 'key', keyed: event.data };
}
