import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, inject, test } from 'vitest';
import { createDynamoDbClient } from '../../platform/event-store/dynamodb-client.ts';
import { createTables } from '../../platform/event-store/dynamodb-create-tables.ts';
import type { StoreTables } from '../../platform/event-store/tables.ts';

/**
 * Describes tests that need DynamoDB Local. Where it cannot run they are skipped with the reason, and said so at the end of the
 * run; with CI=true they fail instead.
 */
export async function onDynamoDb(name: string, body: (endpoint: string) => void): Promise<void> {
  const answer: unknown = await (await fetch(inject('dynamoDbLocalDoor'))).json();
  const { endpoint, missing } = Object(answer);
  if (typeof endpoint === 'string') return void describe(name, () => body(endpoint));
  describe(name, () => {
    test('runs on DynamoDB Local', (context) => {
      if (process.env['CI'] === 'true')
        throw new Error(`DynamoDB Local could not be started: ${String(missing)}`);
      context.skip(`DID NOT RUN: ${String(missing)}`);
    });
  });
}

/** A busy machine's engine takes its time: how long one call of ours waits has tests of its own. */
export function localClient(endpoint: string): DynamoDBClient {
  return createDynamoDbClient({
    requestHandler: { requestTimeout: 10_000, throwOnRequestTimeout: true },
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
}

let made = 0;

/** New tables under names nobody else has. */
export async function newTables(client: DynamoDBClient): Promise<StoreTables> {
  made += 1;
  const suffix = `${process.pid}-${Date.now()}-${made}`;
  const tables = { log: `log-${suffix}`, items: `items-${suffix}` };
  await createTables(client, tables);
  return tables;
}
