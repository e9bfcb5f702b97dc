import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerOf, apiRequest, contextWith } from '../support/lambda.ts';
import { type LambdaCell, startLambdaCell } from '../support/lambda-cell.ts';
import { type LoadedLater, loadedLater, loggedBy } from '../support/loaded-later.ts';
import { onDynamoDb } from '../support/on-dynamodb.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-later-'));
afterAll(() => rm(folder, { recursive: true }));

await onDynamoDb('a function whose files that are loaded later are missing', (endpoint) => {
  let cell: LambdaCell;
  let parked: LoadedLater;

  beforeAll(async () => {
    cell = await startLambdaCell(endpoint);
    Object.assign(process.env, cell.environment, { POWERTOOLS_LOG_LEVEL: 'ERROR' });
    parked = await loadedLater('parked', folder);
  });
  afterAll(() => cell.stop());

  test('answers an error and logs which, and goes on with the first call that finds them', async () => {
    const ask = async () => {
      const request = apiRequest('GET /v1/parked', { key: cell.administrator });
      return answerOf(await parked.handler(request, contextWith(20_000)));
    };
    await parked.lose();
    for (let call = 0; call < 2; call += 1) {
      const said = await loggedBy(async () =>
        expect(await ask()).toMatchObject({ status: 500, body: { reason: 'internal_error' } }),
      );
      expect(said).toContain('request failed');
      expect(said).toMatch(/Cannot find module .*\.mjs/);
    }
    await parked.find();
    const found = await ask();
    expect(found.status).toBe(200);
    expect(found.body.length).toBeGreaterThan(5);
  });
});
