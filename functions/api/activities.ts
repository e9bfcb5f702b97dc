import { type ActivityType, activityTypes } from '../../platform/views/activity.ts';
import type { ActivityQuery } from '../../platform/views/port.ts';
import type { Dependencies, Reaching } from '../dependencies.ts';
import { parse } from './door/fields.ts';
import { ok, type Reply, refused } from './door/reply.ts';
import { type ApiRequest, parameter, query } from './door/request.ts';
import { type ApiFunction, trading } from './door/routes.ts';
import { activityJson } from './shapes/activity-json.ts';
import {
  activitiesOfTypeQuery,
  activitiesQuery,
  activityTypesField,
  pageOf,
} from './shapes/activity-query.ts';

type Needs = Reaching<'views'>;

/** What moved an account's cash and shares. */
export const activities: ApiFunction<Needs> = (dependencies) => ({
  'GET /v2/account/activities': trading(async (request) => {
    const parsed = parse(activitiesQuery, query(request));
    if ('refusal' in parsed) return parsed.refusal;
    const { activity_types: asked, category } = parsed.value;
    const types = asked ? ours(asked) : category && ofCategory[category];
    return list(dependencies, request, pageOf(request.caller.accountId, parsed.value, types));
  }),
  'GET /v2/account/activities/{activity_type}': trading(async (request) => {
    const parsed = parse(activitiesOfTypeQuery, query(request));
    if ('refusal' in parsed) return parsed.refusal;
    const type = activityTypesField.safeParse(parameter(request, 'activity_type'));
    if (!type.success) {
      return refused('field_invalid', { field: 'activity_type', hint: 'one or more known types' });
    }
    return list(dependencies, request, pageOf(request.caller.accountId, parsed.value, ours(type.data)));
  }),
});

const ofCategory = {
  trade_activity: ['FILL'],
  non_trade_activity: ['CSD', 'CSW', 'JNLS'],
} as const satisfies Record<string, readonly ActivityType[]>;

/** Of the types Alpaca knows, those that happen here. */
function ours(names: readonly string[]): readonly ActivityType[] {
  return activityTypes.filter((type) => names.includes(type));
}

async function list(
  { views }: Pick<Dependencies, 'views'>,
  { deadline }: ApiRequest,
  page: ActivityQuery,
): Promise<Reply> {
  if (page.types?.length === 0) return ok([]);
  return ok((await views.activities(page, deadline)).map(activityJson));
}
