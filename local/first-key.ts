import { parseArgs } from 'node:util';
import { tableNameOf } from '../functions/environment.ts';
import { systemClock } from '../platform/clock/clock.ts';
import { createDynamoDbClient } from '../platform/event-store/dynamodb-client.ts';
import { DynamoDbEventStore } from '../platform/event-store/dynamodb.ts';
import { StoreRejected, StoreUnavailable } from '../platform/event-store/errors.ts';
import type { StoreTables } from '../platform/event-store/tables.ts';
import { systemRandom } from '../platform/random/random.ts';
import { issueAdministratorKey } from './administrator-key.ts';
import { runCommand } from './command-line.ts';
import { UnusableOptions, usable } from './options.ts';

const usage = `Issues an administrator's key in a cell in the cloud, and prints it: the only time its secret is seen.

  npm run first:key -- --cell REGION [options]

  --cell REGION         the cell, by the name of its region
  --person ID           whose key it is, an opaque id (default first-administrator)
  --endpoint URL        DynamoDB's address where it is not AWS's own
  --help                this text

It writes to the cell's tables with the AWS credentials of whoever calls it; those need PutItem and GetItem on the log and the items.
`;

/** AWS did not let us, or was not there. */
class NoKeyIssued extends Error {
  override readonly name = 'NoKeyIssued';
}

async function main(words: readonly string[]): Promise<number> {
  const { cell, person, endpoint, help } = parsed(words);
  if (help) {
    console.log(usage);
    return 0;
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
    return 0;
  } catch (error) {
    if (!(error instanceof StoreUnavailable || error instanceof StoreRejected)) throw error;
    throw new NoKeyIssued(`no key was issued: ${whyNot(error, cell, tables)}`, { cause: error });
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

function whyNot({ cause }: Error, cell: string, { log, items }: StoreTables): string {
  if (!(cause instanceof Error)) return 'DynamoDB did not answer in time; try again';
  const said = `${cause.name}: ${cause.message}`;
  switch (cause.name) {
    case 'CredentialsProviderError':
      return 'there are no AWS credentials; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';
    case 'ResourceNotFoundException':
      return `the account of these credentials has no table ${log} in ${cell}; --cell is a region that a cell was deployed to`;
    case 'AccessDeniedException':
      return `these credentials need PutItem and GetItem on ${log} and ${items} (${said})`;
    case 'UnrecognizedClientException':
    case 'InvalidSignatureException':
    case 'ExpiredTokenException':
      return `AWS does not take these credentials (${said})`;
    default:
      return `DynamoDB in ${cell} did not do it; is that a region, and can it be reached from here? (${said})`;
  }
}

await runCommand(main, [NoKeyIssued]);
