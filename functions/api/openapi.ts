import { httpFunctions } from '../manifest.ts';
import { ok, type Reply } from './door/reply.ts';
import { anybody, type ApiFunction } from './door/routes.ts';
import { descriptions } from './openapi/descriptions.ts';
import { openApiDocument } from './openapi/document.ts';

/** What the API takes and answers, for machines. */
export const openApi: ApiFunction = () => {
  let answer: Reply | undefined;
  return {
    'GET /openapi.json': anybody(async () => (answer ??= ok(openApiDocument(httpFunctions, descriptions)))),
  };
};
