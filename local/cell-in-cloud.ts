import { tableNameOf } from '../functions/environment.ts';
import { systemClock } from '../platform/clock/clock.ts';
import type { DynamoDbEventStore } from '../platform/event-store/dynamodb.ts';
import { StoreRejected, StoreUnavailable } from '../platform/event-store/errors.ts';
import type { StoreTables } from '../platform/event-store/tables.ts';
import { systemRandom } from '../platform/random/random.ts';
import { UnusableOptions } from './options.ts';

/** A cell that was deployed, as a command finds it. */
export interface CellInCloud {
  /** By the name of its region. */
  readonly cell: string;
  /** DynamoDB's address where it is not AWS's own. */
  readonly endpoint: string | undefined;
  /** What of DynamoDB the command asks for, for who has to be given it. */
  readonly needs: string;
}

/** AWS did not let us, or was not there. */
export class CellOutOfReach extends Error {
  override readonly name = 'CellOutOfReach';
}

/**
 * The cell's log and items, with the AWS credentials of whoever calls. Throws `CellOutOfReach`. Only who asks for it waits until the SDK is
 * loaded.
 */
export async function withCellInCloud<Result>(
  { cell, endpoint, needs }: CellInCloud,
  run: (store: DynamoDbEventStore) => Promise<Result>,
): Promise<Result> {
  if (endpoint !== undefined && !URL.canParse(endpoint))
    throw new UnusableOptions('--endpoint is an URL, e.g. http://127.0.0.1:8000');
  const { createDynamoDbClient } = await import('../platform/event-store/dynamodb-client.ts');
  const { DynamoDbEventStore: Store } = await import('../platform/event-store/dynamodb.ts');
  const client = createDynamoDbClient({ region: cell, ...(endpoint !== undefined && { endpoint }) });
  const tables = { log: tableNameOf(cell, 'log'), items: tableNameOf(cell, 'items') };
  try {
    return await run(new Store({ client, tables, clock: systemClock, random: systemRandom }));
  } catch (error) {
    if (!(error instanceof StoreUnavailable || error instanceof StoreRejected)) throw error;
    throw new CellOutOfReach(whyNot(error, { cell, needs, tables }), { cause: error });
  } finally {
    client.destroy();
  }
}

interface Asked {
  readonly cell: string;
  readonly needs: string;
  readonly tables: StoreTables;
}

function whyNot({ cause }: Error, { cell, needs, tables: { log, items } }: Asked): string {
  if (!(cause instanceof Error)) return 'DynamoDB did not answer in time; try again';
  const said = `${cause.name}: ${cause.message}`;
  switch (cause.name) {
    case 'CredentialsProviderError':
      return 'there are no AWS credentials; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';
    case 'ResourceNotFoundException':
      return `the account of these credentials has no table ${log} in ${cell}; --cell is a region that a cell was deployed to`;
    case 'AccessDeniedException':
      return `these credentials need ${needs} on ${log} and ${items} (${said})`;
    case 'UnrecognizedClientException':
    case 'InvalidSignatureException':
    case 'ExpiredTokenException':
      return `AWS does not take these credentials (${said})`;
    default:
      return `DynamoDB in ${cell} did not do it; is that a region, and can it be reached from here? (${said})`;
  }
}
