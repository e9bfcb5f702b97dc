import { descriptions } from '../functions/api/openapi/descriptions.ts';
import { openApiDocument } from '../functions/api/openapi/document.ts';
import { httpFunctions } from '../functions/manifest.ts';

// Whoever reads the beginning, with `head`, has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.stdout.write(`${JSON.stringify(openApiDocument(httpFunctions, descriptions), null, 2)}\n`);
