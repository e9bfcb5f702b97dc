import { parseArgs } from 'node:util';
import { systemClock } from '../platform/clock/clock.ts';
import { systemRandom } from '../platform/random/random.ts';
import { issueAdministratorKey } from './administrator-key.ts';
import { CellOutOfReach, withCellInCloud } from './cell-in-cloud.ts';
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
  const around = { cell, clock: systemClock, random: systemRandom };
  try {
    const { keyId, secret } = await withCellInCloud(
      { cell, endpoint, needs: 'PutItem and GetItem' },
      (store) => issueAdministratorKey({ ...around, store }, person),
    );
    console.log(`key id  ${keyId}\nsecret  ${secret}`);
    return 0;
  } catch (error) {
    if (!(error instanceof CellOutOfReach)) throw error;
    throw new NoKeyIssued(`no key was issued: ${error.message}`, { cause: error });
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

await runCommand(main, [NoKeyIssued]);
