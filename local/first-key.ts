import { parseArgs } from 'node:util';
import { tableNameOf } from '../functions/environment.ts';
import { systemClock } from '../platform/clock/clock.ts';
import { createDynamoDbClient } from '../platform/event-store/dynamodb-client.ts';
import { DynamoDbEventStore } from '../platform/event-store/dynamodb.ts';
import { systemRandom } from '../platform/random/random.ts';
import { issueAdministratorKey } from './administrator-key.ts';
import { UnusableOptions, usable } from './options.ts';

const usage = `Issues an administrator's key in a cell in the cloud, and prints it: the only time its secret is seen.

  npm run first:key -- --cell REGION [options]

  --cell REGION         the cell, by the name of its region
  --person ID           whose key it is, an opaque id (default first-administrator)
  --endpoint URL        DynamoDB's address where it is not AWS's own
  --help                this text

It writes to the cell's tables with the AWS credentials of whoever calls it; those need PutItem and GetItem on the log and the items.
`;

const exitUnusable = 2;

async function main(words: readonly string[]): Promise<void> {
  const { cell, person, endpoint, help } = parsed(words);
  if (help) {
    console.log(usage);
    return;
  }
  if (!cell) throw new UnusableOptions('--cell is needed, e.g. --cell eu-central-1');
  if (endpoint !== undefined && !URL.canParse(endpoint)) {
    throw new UnusableOptions('--endpoint is an URL, e.g. http://127.0.0.1:8000');
  }
  const client = createDynamoDbClient({ region: cell, ...(endpoint !== undefined && { endpoint }) });
  const tables = { log: tableNameOf(cell, 'log'), items: tableNameOf(cell, 'items') };
  const around = { clock: systemClock, random: systemRandom };
  try {
    const store = new DynamoDbEventStore({ client, tables, ...around });
    const { keyId, secret } = await issueAdministratorKey({ cell, store, ...around }, person);
    console.log(`key id  ${keyId}\nsecret  ${secret}`);
  } finally {
    client.destroy();
  }
}

function parsed(words: readonly string[]) {
  return usable(
    () =>
      parseArgs({
        args: [...words],
        options: {
          cell: { type: 'string' },
          person: { type: 'string', default: 'first-administrator' },
          endpoint: { type: 'string' },
          help: { type: 'boolean', default: false },
        },
      }).values,
  );
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UnusableOptions)) throw error;
  console.error(error.message);
  process.exitCode = exitUnusable;
}
