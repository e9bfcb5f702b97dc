import { httpFunctions } from '../manifest.ts';
import { ok, type Reply } from './door/reply.ts';
import { anybody, type ApiFunction, type Routes } from './door/routes.ts';
import { descriptions } from './openapi/descriptions.ts';
import { openApiDocument } from './openapi/document.ts';

/** What the API takes and answers, for machines. It stands on nothing. */
export function openApiRoutes(): Routes {
  let answer: Reply | undefined;
  return {
    'GET /openapi.json': anybody(async () => (answer ??= ok(openApiDocument(httpFunctions, descriptions)))),
  };
}

export const openApi: ApiFunction = openApiRoutes;
