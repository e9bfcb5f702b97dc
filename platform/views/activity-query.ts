import { assert } from '../../domain/values/assert.ts';
import { timestamp } from '../../domain/values/time.ts';
import { activityTime } from './activity.ts';
import { activitiesMax, type ActivityQuery } from './port.ts';

/** Longer than any id, so that cutting a token there changes no comparison. */
const tokenMax = 64;

/** The ids between which a page lies, both exclusive: times and token as one. Throws for a page that is too long. */
export function activityRange({ after, until, direction, limit, pageToken }: ActivityQuery): {
  readonly from: string;
  readonly to: string;
} {
  assert(
    Number.isSafeInteger(limit) && limit >= 1 && limit <= activitiesMax,
    `a page of ${limit} activities`,
  );
  const from = after === undefined ? '' : activityTime(timestamp(after + 1));
  const to = until === undefined ? '~' : activityTime(until);
  const token = pageToken?.slice(0, tokenMax);
  if (token === undefined) return { from, to };
  if (direction === 'asc') return { from: token > from ? token : from, to };
  return { from, to: token < to ? token : to };
}
