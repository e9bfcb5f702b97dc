import type { HttpFunction, HttpRoute, RouteKey } from '../../manifest.ts';
import type { JsonSchema } from '../door/described.ts';
import { entryOf, type AnyReason } from '../door/reasons.ts';
import { idempotencyKeyPattern } from '../door/request.ts';
import { eventIdPattern } from '../shapes/trade-event-query.ts';
import type { Descriptions, RouteDescription } from './description.ts';
import { JsonSchemas } from './json-schemas.ts';
import { everywhere, ofFields, withKey } from './refusals.ts';

type Json = Readonly<Record<string, unknown>>;

export interface OpenApiDocument extends Json {
  readonly openapi: '3.1.0';
  readonly paths: Readonly<Record<string, Json>>;
}

const information = {
  title: 'Ordercell',
  version: '2.0.0',
  description:
    'An order management backend. /v2 speaks the shapes of the Alpaca Trading API v2, /v1 is for who runs the business. Every refusal has a stable reason.',
};

/** The OpenAPI 3.1 document of these functions: every route with what it takes, and every answer by its status. */
export function openApiDocument(
  functions: readonly HttpFunction[],
  descriptions: Descriptions,
): OpenApiDocument {
  const schemas = new JsonSchemas();
  const paths: Record<string, Record<string, Json>> = {};
  for (const { name, trigger } of functions) {
    for (const declared of trigger.routes) {
      const description = descriptions[declared.route];
      if (!description) continue;
      const [method = '', path = ''] = declared.route.split(' ');
      const operation = operationOf(declared, description, schemas);
      paths[path] = { ...paths[path], [method.toLowerCase()]: { tags: [name], ...operation } };
    }
  }
  return {
    openapi: '3.1.0',
    info: information,
    paths,
    components: { schemas: Object.fromEntries(schemas.components), headers, securitySchemes },
  };
}

const securitySchemes = {
  keyId: { type: 'apiKey', in: 'header', name: 'APCA-API-KEY-ID' },
  secretKey: { type: 'apiKey', in: 'header', name: 'APCA-API-SECRET-KEY' },
  basic: {
    type: 'http',
    scheme: 'basic',
    description: 'The key id as the user, its secret as the password.',
  },
};

const headers = {
  'X-Request-ID': {
    description: 'Finds the request in the log and in histories.',
    schema: { type: 'string' },
  },
  'Idempotency-Replayed': {
    description: 'Answered before, under the same key.',
    schema: { type: 'string', enum: ['true'] },
  },
  'X-RateLimit-Limit': { description: 'Requests a minute.', schema: { type: 'string', pattern: '^[0-9]+$' } },
  'X-RateLimit-Remaining': {
    description: 'Requests that may follow at once.',
    schema: { type: 'string', pattern: '^[0-9]+$' },
  },
  'X-RateLimit-Reset': {
    description: 'When all of them may again: seconds since 1970.',
    schema: { type: 'string', pattern: '^[0-9]+$' },
  },
  'Retry-After': { description: 'Seconds.', schema: { type: 'string', pattern: '^[0-9]+$' } },
};

function operationOf({ route, access }: HttpRoute, described: RouteDescription, schemas: JsonSchemas): Json {
  const { summary, body, bodyMayBeLeftOut } = described;
  const isOpen = access === 'public';
  const who =
    access === 'trading' ? 'Keys of clients.' : isOpen ? 'Anybody.' : `Keys of: ${access.join(', ')}.`;
  return {
    operationId: operationId(route),
    summary,
    description: who,
    security: isOpen ? [] : [{ keyId: [], secretKey: [] }, { basic: [] }],
    parameters: [
      ...pathParameters(route),
      ...queryParameters(described, schemas),
      ...keyHeader(described),
      ...resumeHeader(described),
    ],
    ...(body && {
      requestBody: {
        required: bodyMayBeLeftOut !== true,
        content: { 'application/json': { schema: schemas.accepted(body) } },
      },
    }),
    responses: responsesOf(route, isOpen, described, schemas),
  };
}

function operationId(route: RouteKey): string {
  const [method = '', path = ''] = route.split(' ');
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function pathParameters(route: RouteKey): readonly Json[] {
  return [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', minLength: 1 },
  }));
}

function queryParameters({ query }: RouteDescription, schemas: JsonSchemas): readonly Json[] {
  if (!query) return [];
  const { properties = {}, required = [] } = schemas.accepted(query);
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function keyHeader({ idempotencyKey }: RouteDescription): readonly Json[] {
  if (!idempotencyKey) return [];
  const schema = { type: 'string', pattern: idempotencyKeyPattern.source };
  return [{ name: 'Idempotency-Key', in: 'header', required: idempotencyKey === 'required', schema }];
}

function resumeHeader({ streams }: RouteDescription): readonly Json[] {
  if (!streams) return [];
  const description = 'The last event that is known: goes on after it, whatever the query begins with.';
  return [
    {
      name: 'Last-Event-ID',
      in: 'header',
      required: false,
      description,
      schema: { type: 'string', pattern: eventIdPattern.source },
    },
  ];
}

function responsesOf(
  route: RouteKey,
  isOpen: boolean,
  described: RouteDescription,
  schemas: JsonSchemas,
): Json {
  const responses: Record<string, Json> = {};
  for (const [status, schema] of Object.entries(described.answers)) {
    const content = schema !== 'nothing' && {
      content: {
        [described.streams ? 'text/event-stream' : 'application/json']: { schema: schemas.answered(schema) },
      },
    };
    responses[status] = { description: 'Done.', headers: headersOf(Number(status)), ...content };
  }
  const reasons: readonly AnyReason[] = [
    ...everywhere,
    ...(isOpen ? [] : withKey),
    ...(described.body ? ofFields : (['field_unknown'] as const)),
    ...(described.query ? ofFields : []),
    ...(route.includes('{') ? (['not_found'] as const) : []),
    ...described.refusals,
  ];
  for (const [status, refusals] of byStatus(reasons)) responses[status] = refusal(Number(status), refusals);
  return responses;
}

function byStatus(reasons: readonly AnyReason[]): ReadonlyMap<string, readonly AnyReason[]> {
  const sorted = new Map<string, AnyReason[]>();
  for (const reason of new Set(reasons)) {
    const status = String(entryOf(reason).httpStatus);
    sorted.set(status, [...(sorted.get(status) ?? []), reason]);
  }
  return sorted;
}

/** What is wrong with a config: more than one thing, as a rule. */
const allIssues = {
  type: 'array',
  items: {
    type: 'object',
    properties: { path: { type: 'string' }, message: { type: 'string' } },
    required: ['path', 'message'],
    additionalProperties: false,
  },
} as const satisfies JsonSchema;

function refusal(status: number, reasons: readonly AnyReason[]): Json {
  const schema: JsonSchema = {
    type: 'object',
    properties: {
      code: { enum: [...new Set(reasons.map((reason) => entryOf(reason).alpacaCode))] },
      message: { type: 'string' },
      reason: { type: 'string', enum: [...reasons] },
      field: { type: 'string' },
      limit: { type: 'string' },
      observed: { type: 'string' },
      cell: { type: 'string', description: 'Of `account_elsewhere`: the cell the account is at home in.' },
      address: { type: 'string', description: 'Of `account_elsewhere`: where that cell is asked.' },
      ...(reasons.includes('config_invalid') && { issues: allIssues }),
    },
    required: ['code', 'message', 'reason'],
    additionalProperties: false,
  };
  return {
    description: reasons.map((reason) => `${reason}: ${entryOf(reason).sentence}`).join('\n'),
    headers: headersOf(status),
    content: { 'application/json': { schema } },
  };
}

function headersOf(status: number): Json {
  const named = ['X-Request-ID', 'X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'];
  if (status !== 401 && status !== 429) named.push('Idempotency-Replayed');
  if (status === 429 || status === 503) named.push('Retry-After');
  return Object.fromEntries(named.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
