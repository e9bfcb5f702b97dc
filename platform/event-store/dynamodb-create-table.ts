import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { setUpSignal } from '../outgoing/signal.ts';

/**
 * Makes a table unless there is one of that name, and resolves when it can be used. That it is there already may be our own doing: the
 * answer to a first try can be lost.
 */
export async function createTable(
  client: DynamoDBClient,
  table: Omit<CreateTableCommandInput, 'BillingMode'>,
): Promise<void> {
  try {
    await client.send(new CreateTableCommand({ ...table, BillingMode: 'PAY_PER_REQUEST' }), {
      abortSignal: setUpSignal(),
    });
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await waitUntilTableExists(
    { client, maxWaitTime: 60, minDelay: 1, abortSignal: AbortSignal.timeout(60_000) },
    { TableName: table.TableName },
  );
}
