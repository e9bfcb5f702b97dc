import { once } from 'node:events';
import { createServer } from 'node:http';
import type { TestProject } from 'vitest/node';
import { type DynamoDbLocal, startDynamoDbLocal, whatIsMissing } from './dynamodb-local.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Ask here for DynamoDB Local: it starts with the first question, and there is one for the whole run. */
    dynamoDbLocalDoor: string;
  }
}

/** For vitest's `globalSetup`. A run that needs no DynamoDB starts no JVM. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<DynamoDbLocal> | undefined;
  let missing: string | undefined;
  const ask = async (): Promise<unknown> => {
    missing ??= starting ? undefined : whatIsMissing();
    if (missing !== undefined) return { missing };
    starting ??= startDynamoDbLocal();
    return { endpoint: (await starting).endpoint };
  };
  const door = createServer((_, response) => {
    ask().then(
      (answer) => response.end(JSON.stringify(answer)),
      (error: unknown) => response.end(JSON.stringify({ missing: String(error) })),
    );
  }).listen(0, '127.0.0.1');
  await once(door, 'listening');
  const address = door.address();
  project.provide(
    'dynamoDbLocalDoor',
    `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
  );
  return async () => {
    door.close();
    await (await starting?.catch(() => undefined))?.stop();
    if (missing !== undefined) console.error(`\n*** THE TESTS ON DYNAMODB DID NOT RUN: ${missing} ***\n`);
  };
}
