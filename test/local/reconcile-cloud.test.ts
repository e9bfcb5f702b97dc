import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { tableNameOf } from '../../functions/environment.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import { createDynamoDbClient } from '../../platform/event-store/dynamodb-client.ts';
import { createTables } from '../../platform/event-store/dynamodb-create-tables.ts';
import { DynamoDbEventStore } from '../../platform/event-store/dynamodb.ts';
import { systemRandom } from '../../platform/random/random.ts';
import { aCommit, anId } from '../support/commits.ts';
import { Desk } from '../support/desk.ts';
import { onDynamoDb } from '../support/on-dynamodb.ts';

const env = { PATH: process.env['PATH'], AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

async function run(cell: string, endpoint: string): Promise<{ code: number; out: string; err: string }> {
  const words = ['local/reconcile.ts', '--cell', cell, '--endpoint', endpoint];
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, words, { env });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = Object(error);
    return { code: Number(code), out: String(stdout), err: String(stderr) };
  }
}

await onDynamoDb('npm run reconcile of a cell in the cloud', (endpoint) => {
  test('reads its tables and prints what differs, and one that is not there is told in a sentence', async () => {
    const cell = `reconciled-${process.pid}`;
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = createDynamoDbClient({ endpoint, region: cell, credentials });
    const tables = { log: tableNameOf(cell, 'log'), items: tableNameOf(cell, 'items') };
    expect(await run(cell, endpoint)).toEqual({
      code: 2,
      out: '',
      err: `the account of these credentials has no table ${tables.log} in ${cell}; --cell is a region that a cell was deployed to\n`,
    });

    await createTables(client, tables);
    const store = new DynamoDbEventStore({ client, tables, clock: systemClock, random: systemRandom });
    const desk = new Desk(store);
    const accountId = await desk.account(12_345, 7);
    const whole = await run(cell, endpoint);
    expect([whole.code, whole.err]).toEqual([0, '']);
    expect(whole.out).toContain('3 streams, 3 commits, 1 accounts');

    const key = { owner: accountId, name: 'account' };
    const stray = aCommit({ stream: `other-${anId()}`, commitId: anId() });
    await store.append([stray], [{ key, conditions: [], add: { available_USD: 5 } }], desk.deadline);
    const { code, out } = await run(cell, endpoint);
    expect([code, /available_USD +12345 +12350\n/.test(out)]).toEqual([1, true]);
    client.destroy();
  });
});
