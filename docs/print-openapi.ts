import { descriptions } from '../functions/api/openapi/descriptions.ts';
import { openApiDocument } from '../functions/api/openapi/document.ts';
import { httpFunctions } from '../functions/manifest.ts';

process.stdout.write(`${JSON.stringify(openApiDocument(httpFunctions, descriptions), null, 2)}\n`);
