import { parseArgs } from 'node:util';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { createDynamoDbClient } from '../../platform/event-store/dynamodb-client.ts';
import { ConsumedCapacityMeter } from '../support/consumed-capacity.ts';
import { startDynamoDbLocal, whatIsMissing } from '../support/dynamodb-local.ts';
import { injectFaults } from '../support/faulty-dynamodb.ts';
import { contendedAccount } from './store/account-orders.ts';
import { castore } from './store/castore.ts';
import type { Contestant } from './store/contestant.ts';
import { contendedStream, lostAnswers } from './store/contention.ts';
import { elevenCommandOrder } from './store/eleven-commands.ts';
import { equinox } from './store/equinox.ts';
import { type Costs, exceeded, unmet } from './store/expectations.ts';
import { ownOrder } from './store/fills.ts';
import { longStreams } from './store/long-stream.ts';
import { ordercell } from './store/ordercell.ts';
import { tradingOn } from './store/trading.ts';

const { values: options } = parseArgs({ options: { small: { type: 'boolean', default: false } } });
const length = options.small ? 320 : 2_000;

const missing = whatIsMissing();
if (missing !== undefined) {
  console.error(`DynamoDB Local cannot run: ${missing}`);
  process.exit(1);
}
const local = await startDynamoDbLocal();
try {
  process.exitCode = report(await measure(local.endpoint));
} finally {
  await local.stop();
}

interface Measured {
  readonly costs: Costs;
  readonly failures: readonly string[];
}

async function measure(endpoint: string): Promise<Measured> {
  const contestants = await contestantsOn(endpoint);
  const eleven = await elevenCommandOrder(contestants);
  console.log(eleven.text);
  const long = await longStreams(contestants, length);
  console.log(long.text);
  const stream = await contendedStream(contestants);
  console.log(stream.text);
  const lossy = await lostAnswers(contestants);
  console.log(lossy.text);
  const own = await measureOwn(endpoint);
  return {
    costs: { ...eleven.costs, ...long.costs, ...own.costs },
    failures: [...unmet(stream.fates, 80), ...unmet(lossy.fates, 20), ...own.failures],
  };
}

/** Our own orders, with their money. */
async function measureOwn(endpoint: string): Promise<Measured> {
  const client = createDynamoDbClient(at(endpoint));
  const meter = new ConsumedCapacityMeter(client);
  const faulty = { isOn: false };
  injectFaults(client, (command) =>
    faulty.isOn && command.startsWith('Transact') && Math.random() < 0.6 ? 'conflict' : undefined,
  );
  const trading = await tradingOn(client);
  const own = await ownOrder(trading, meter, length);
  console.log(own.text);
  const contended = await contendedAccount(trading, meter, faulty);
  console.log(contended.text);
  return { costs: own.costs, failures: contended.placements.failed };
}

async function contestantsOn(endpoint: string): Promise<readonly Contestant[]> {
  const client = (): DynamoDB => new DynamoDB(at(endpoint));
  return [
    await ordercell(client(), { keyed: 'clients' }),
    await ordercell(client(), { keyed: 'every' }),
    await castore(client()),
    await equinox(client(), { stale: false }),
    await equinox(client(), { stale: true }),
  ];
}

function at(endpoint: string) {
  return { endpoint, region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}

/** Costs and counts decide, never a time: those belong to the machine. */
function report({ costs, failures }: Measured): number {
  const complaints = [...exceeded(costs), ...failures];
  for (const complaint of complaints) console.error(`NOT AS RECORDED: ${complaint}`);
  if (complaints.length === 0)
    console.log('Every cost is at most what is recorded in test/bench/store/expectations.ts');
  return complaints.length === 0 ? 0 : 1;
}
