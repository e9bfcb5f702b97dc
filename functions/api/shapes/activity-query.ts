import * as z from 'zod/mini';
import { parseTimestamp, type Timestamp, timestamp } from '../../../domain/values/time.ts';
import { type ActivityType, activityTypes } from '../../../platform/views/activity.ts';
import { activitiesMax, type ActivityQuery } from '../../../platform/views/port.ts';
import { describedAs } from '../door/described.ts';
import { dateField } from './calendar-json.ts';
import { time } from './order-fields.ts';

/** Alpaca's other types: nothing here is ever one of them. */
const neverHere = (
  'TRANS MISC ACATC ACATS CFEE CGD DIV DIVCGL DIVCGS DIVFEE DIVFT DIVNRA DIVROC DIVTW DIVTXEX FEE INT INTNRA INTTW JNL JNLC MA NC ' +
  'OPASN OPCA OPCSH OPEXC OPEXP OPTRD PTC PTR REORG SPIN SPLIT FOPT'
).split(' ');
const known: readonly string[] = [...activityTypes, ...neverHere];
const typesHint = `of ${known.join(', ')}, separated by commas`;

export const activityTypesField = describedAs(
  z
    .pipe(
      z.string(),
      z.transform((text) => text.split(',')),
    )
    .check(z.refine((names) => names.every((name) => known.includes(name)), typesHint)),
  { type: 'string', description: `Some ${typesHint}.` },
);

const sizeHint = `a whole number from 1 to ${activitiesMax}`;
const pageSize = describedAs(
  z
    .pipe(z.string().check(z.regex(/^\d{1,3}$/, sizeHint)), z.transform(Number))
    .check(z.refine((size) => size >= 1 && size <= activitiesMax, sizeHint)),
  { type: 'integer', minimum: 1, maximum: activitiesMax },
);

/** What `Activity` has for an id. */
const idOfActivity = /^\d{20}::[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const tokenHint = 'the id of the last activity of the page before';

const paging = {
  date: z.optional(dateField),
  after: z.optional(time),
  until: z.optional(time),
  direction: z._default(z.enum(['asc', 'desc']), 'desc'),
  page_size: z._default(pageSize, activitiesMax),
  page_token: z.optional(z.string().check(z.regex(idOfActivity, tokenHint))),
};

interface Times {
  readonly date?: string | undefined;
  readonly after?: Timestamp | undefined;
  readonly until?: Timestamp | undefined;
}

const notBoth = {
  path: ['date'],
  error: 'not together with after or until',
};
const isOneDay = ({ date, after, until }: Times) =>
  date === undefined || (after === undefined && until === undefined);

/** The query of `GET /v2/account/activities/{activity_type}`. */
export const activitiesOfTypeQuery = z.strictObject(paging).check(z.refine(isOneDay, notBoth));

/** The query of `GET /v2/account/activities`. */
export const activitiesQuery = z
  .strictObject({
    ...paging,
    activity_types: z.optional(activityTypesField),
    category: z.optional(z.enum(['trade_activity', 'non_trade_activity'])),
  })
  .check(
    z.refine(isOneDay, notBoth),
    z.refine(({ activity_types: types, category }) => types === undefined || category === undefined, {
      path: ['category'],
      error: 'not together with activity_types',
    }),
  );

const dayMicros = 86_400_000_000;

/** What the views are asked; a date is a day in UTC. */
export function pageOf(
  accountId: string,
  query: z.infer<typeof activitiesOfTypeQuery>,
  types: readonly ActivityType[] | undefined,
): ActivityQuery {
  const { date, direction, page_size: limit, page_token: pageToken } = query;
  const day = date === undefined ? undefined : parseTimestamp(date);
  const after = day === undefined ? query.after : timestamp(Math.max(0, day - 1));
  const until = day === undefined ? query.until : timestamp(day + dayMicros);
  return {
    accountId,
    direction,
    limit,
    ...(types && { types }),
    ...(after !== undefined && { after }),
    ...(until !== undefined && { until }),
    ...(pageToken !== undefined && { pageToken }),
  };
}
