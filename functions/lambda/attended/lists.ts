import { attended, type AttendedConsumer } from '../../../platform/consumer/attended.ts';
import type { Standing } from '../standing.ts';
import { viewsGroup } from '../views.ts';

/** Who keeps lists, for whoever does their work where a delivery was lost or parked. */
export function listKeepers(on: Standing): readonly AttendedConsumer[] {
  return viewsGroup(on).members.map((member) => attended(member, on.ground.clock));
}
