import { administrator } from './lambda-keys.ts';
import type { LambdaKey } from './lambda.ts';
import { environmentNames } from '../../functions/environment.ts';
import { readSeed } from '../../local/seed.ts';
import { createStreamsClient, DynamoDbShardReader } from '../../platform/change-feed/dynamodb-streams-api.ts';
import type { ChangeRecord } from '../../platform/change-feed/records.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import { DynamoDbEventStore } from '../../platform/event-store/dynamodb.ts';
import { systemRandom } from '../../platform/random/random.ts';
import { createViewsTable } from '../../platform/views/dynamodb-create-table.ts';
import { AppConfigLoopback } from './appconfig-loopback.ts';
import { EventBridgeLoopback } from './eventbridge-loopback.ts';
import { GatewayLoopback } from './gateway-loopback.ts';
import { localClient, newTables } from './on-dynamodb.ts';
import { S3Loopback } from './s3-loopback.ts';
import { SecretsLoopback } from './secrets-loopback.ts';

/** What a cell's functions find in the cloud: tables, config, bus and secret, all on this machine, and an administrator's key. */
export interface LambdaCell {
  readonly environment: Readonly<Record<string, string>>;
  readonly administrator: LambdaKey;
  readonly appConfig: AppConfigLoopback;
  readonly bus: EventBridgeLoopback;
  readonly archive: S3Loopback;
  readonly gateway: GatewayLoopback;
  readonly secrets: SecretsLoopback;
  /** Everything the log's change feed has that was not taken before. */
  changes(): Promise<readonly ChangeRecord[]>;
  /** The same of the views' table. */
  viewsChanges(): Promise<readonly ChangeRecord[]>;
  stop(): Promise<void>;
}

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

export async function startLambdaCell(endpoint: string, cell = 'test-1'): Promise<LambdaCell> {
  const client = localClient(endpoint);
  const tables = await newTables(client);
  const viewsTable = `${tables.log}-views`;
  await createViewsTable(client, viewsTable);
  const appConfig = await AppConfigLoopback.start();
  appConfig.answer = { kind: 'config', text: JSON.stringify(readSeed().config) };
  const bus = await EventBridgeLoopback.start();
  const archive = await S3Loopback.start();
  const gateway = await GatewayLoopback.start();
  const secrets = await SecretsLoopback.start();
  const around = { client, clock: systemClock, random: systemRandom };
  const streams = createStreamsClient({ endpoint, region: 'local', credentials });
  const feedOf = (table: string) => new TakenOnce(new DynamoDbShardReader({ ...around, streams, table }));
  const [log, views] = [feedOf(tables.log), feedOf(viewsTable)];
  const store = new DynamoDbEventStore({ ...around, tables });
  return {
    environment: {
      [environmentNames.cell]: cell,
      [environmentNames.logTable]: tables.log,
      [environmentNames.itemsTable]: tables.items,
      [environmentNames.viewsTable]: viewsTable,
      [environmentNames.busName]: 'ordercell',
      [environmentNames.configApplication]: 'ordercell',
      [environmentNames.configEnvironment]: cell,
      [environmentNames.configProfile]: 'trading',
      [environmentNames.masterSecretArn]: SecretsLoopback.arn,
      [environmentNames.archiveBucket]: 'archive',
      [environmentNames.streamEndpoint]: gateway.endpoint,
      [environmentNames.requestLogEvery]: '1',
      // What a function says of every call has tests of its own; here it would bury what tests say.
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
      AWS_REGION: 'local',
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_ENDPOINT_URL_DYNAMODB_STREAMS: endpoint,
      AWS_ENDPOINT_URL_APPCONFIGDATA: appConfig.endpoint,
      AWS_ENDPOINT_URL_EVENTBRIDGE: bus.endpoint,
      AWS_ENDPOINT_URL_S3: archive.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    },
    administrator: await administrator(store, cell),
    appConfig,
    bus,
    archive,
    gateway,
    secrets,
    changes: () => log.take(),
    viewsChanges: () => views.take(),
    stop: async () => {
      client.destroy();
      streams.destroy();
      await secrets.stop();
      await appConfig.stop();
      await bus.stop();
      await archive.stop();
      await gateway.stop();
    },
  };
}

/** A change feed, each record of it once. */
class TakenOnce {
  readonly #reader: DynamoDbShardReader;
  readonly #taken = new Set<string>();

  constructor(reader: DynamoDbShardReader) {
    this.#reader = reader;
  }

  async take(): Promise<readonly ChangeRecord[]> {
    const all: ChangeRecord[] = [];
    const soon = () => deadlineIn(10_000, systemClock);
    for (const shard of await this.#reader.shards(soon())) {
      const iterator = await this.#reader.iterator(shard, { from: 'TRIM_HORIZON' }, soon());
      const page = await this.#reader.records(iterator, 1_000, soon());
      if (typeof page === 'object') all.push(...page.records);
    }
    const fresh = all.filter(({ dynamodb }) => !this.#taken.has(dynamodb?.SequenceNumber ?? ''));
    for (const { dynamodb } of fresh) this.#taken.add(dynamodb?.SequenceNumber ?? '');
    return fresh;
  }
}
