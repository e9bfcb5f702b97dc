import * as z from 'zod';
import { descriptions } from '../../functions/api/openapi/descriptions.ts';
import { openApiDocument } from '../../functions/api/openapi/document.ts';
import { httpFunctions, type RouteKey } from '../../functions/manifest.ts';

export interface Exchange {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly sent: string | undefined;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

interface Operation {
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: Schema;
}
type Schema = z.core.JSONSchema.BaseSchema;
type Content = Readonly<Record<string, { readonly schema: Schema }>>;

/** The document as it is served: through JSON, so that nothing is in it that JSON does not keep. */
const document: {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
} = JSON.parse(JSON.stringify(openApiDocument(httpFunctions, descriptions)));

const routes = httpFunctions
  .flatMap(({ trigger }) => [...trigger.routes].map(({ route }): RouteKey => route))
  .toSorted((one, other) => Number(one.includes('{')) - Number(other.includes('{')));

function routeOf(method: string, pathname: string): RouteKey | undefined {
  return routes.find((route) => {
    const pattern = route.replaceAll(/[.:]/g, '\\$&').replaceAll(/\{\w+\}/g, '[^/]+');
    return new RegExp(`^${pattern}$`).test(`${method} ${pathname}`);
  });
}

const validators = new Map<string, z.ZodType>();

/** The document's own JSON Schema, read back. */
function validatorOf(name: string, schema: Schema): z.ZodType {
  const known = validators.get(name);
  if (known) return known;
  const whole = { ...schema, $defs: document.components.schemas };
  const local = JSON.stringify(whole).replaceAll('"#/components/schemas/', '"#/$defs/');
  const made = z.fromJSONSchema(JSON.parse(local));
  validators.set(name, made);
  return made;
}

/** Everything about an exchange that the document does not say; empty when it says it all. A route nobody described is left out. */
export function undocumented(exchange: Exchange): readonly string[] {
  const { method, path, status, headers, text } = exchange;
  const { pathname } = new URL(path, 'http://cell');
  const route = routeOf(method, pathname);
  if (!route || !descriptions[route]) return [];
  const operation = document.paths[route.split(' ')[1] ?? '']?.[method.toLowerCase()];
  const where = `${route} ${status}`;
  const response = operation?.responses[status];
  if (!operation || !response) return [`${where} is not among the answers: ${text.slice(0, 200)}`];
  const media = Object.entries(response.content ?? {})[0];
  const type = headers.get('content-type');
  if (!media) return text === '' ? [] : [`${where} has a body`];
  if (type !== media[0]) return [`${where} has the content type ${type}`];
  const validator = validatorOf(where, media[1].schema);
  const wrong = valuesIn(type, text).flatMap((value) => {
    const checked = validator.safeParse(value);
    return checked.success ? [] : [`${where}: ${z.prettifyError(checked.error)} in ${text.slice(0, 500)}`];
  });
  return status < 300 ? [...wrong, ...unlike(exchange, route, operation)] : wrong;
}

/** The body, or what each event of a stream holds. */
function valuesIn(type: string, text: string): readonly unknown[] {
  if (type !== 'text/event-stream') return [JSON.parse(text)];
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']): unknown => JSON.parse(data));
}

/** What was taken although the document does not allow it. */
function unlike({ path, sent }: Exchange, route: RouteKey, operation: Operation): readonly string[] {
  const { searchParams } = new URL(path, 'http://cell');
  const allowed = operation.parameters.filter(({ in: place }) => place === 'query');
  const wrong = [...searchParams.keys()]
    .filter((name) => !allowed.some((one) => one.name === name))
    .map((name) => `${route} took the undocumented parameter ${name}`);
  const [media] = Object.entries(operation.requestBody?.content ?? {});
  if (!media || sent === undefined || sent === '') return wrong;
  const checked = validatorOf(`${route} body`, media[1].schema).safeParse(JSON.parse(sent));
  return checked.success ? wrong : [...wrong, `${route} took ${sent}: ${z.prettifyError(checked.error)}`];
}
