import { afterAll, beforeAll, expect, test } from 'vitest';
import { composeApi } from '../../functions/compose.ts';
import type { Dependencies } from '../../functions/dependencies.ts';
import type { RouteKey } from '../../functions/manifest.ts';
import { stand } from '../../functions/lambda/standing.ts';
import { surroundingsOf } from '../../functions/lambda/surroundings.ts';
import { configWith } from '../support/cell.ts';
import { answerOf, apiRequest, contextWith, type LambdaCall } from '../support/lambda.ts';
import { type LambdaCell, startLambdaCell } from '../support/lambda-cell.ts';
import { onDynamoDb } from '../support/on-dynamodb.ts';

const cells = {
  'eu-1': { address: 'https://eu-1.example.com' },
  'us-1': { address: 'https://us-1.example.com' },
};

await onDynamoDb('two cells', (endpoint) => {
  let eu: LambdaCell;
  let us: LambdaCell;
  let here: Dependencies;
  let there: Dependencies;
  const started: Dependencies[] = [];

  async function standing(environment: LambdaCell['environment']): Promise<Dependencies> {
    const { dependencies } = await stand(await surroundingsOf(environment), { log: 'write' }, []);
    started.push(dependencies);
    return dependencies;
  }

  beforeAll(async () => {
    eu = await startLambdaCell(endpoint, 'eu-1');
    us = await startLambdaCell(endpoint, 'us-1');
    // One source of configs serves both: both know both.
    eu.appConfig.answer = { kind: 'config', text: JSON.stringify(configWith({ cells })) };
    Object.assign(process.env, us.environment, eu.environment);
    here = await standing(eu.environment);
    there = await standing(us.environment);
  });
  afterAll(async () => {
    await eu.stop();
    await us.stop();
  });

  async function ask(dependencies: Dependencies, route: RouteKey, call: LambdaCall) {
    const found = composeApi(dependencies).find(({ entry }) =>
      entry.trigger.routes.some((one) => one.route === route),
    );
    if (!found) throw new Error(`nobody serves ${route}`);
    return answerOf(await found.handler(apiRequest(route, call), contextWith(10_000)));
  }

  async function aTrader() {
    const key = eu.administrator;
    const { body: account } = await ask(here, 'POST /v1/accounts', { key, body: {} });
    const body = { role: 'client', account_id: account.id };
    const { body: issued } = await ask(here, 'POST /v1/keys', { key, body });
    return { keyId: issued.id, secret: issued.secret };
  }

  const sentHome = {
    status: 421,
    body: { reason: 'account_elsewhere', cell: 'eu-1', address: 'https://eu-1.example.com' },
  };

  test('an account is answered at home, and told its home everywhere else, also with a wrong secret', async () => {
    const key = await aTrader();
    expect(await ask(here, 'GET /v2/account', { key })).toMatchObject({ status: 200 });
    expect(await ask(there, 'GET /v2/account', { key })).toMatchObject(sentHome);
    const order = { symbol: 'ALFA', side: 'buy', type: 'market', time_in_force: 'day', qty: '1' };
    expect(await ask(there, 'POST /v2/orders', { key, body: order })).toMatchObject(sentHome);
    const guess = { ...key, secret: 'guessed' };
    expect(await ask(there, 'GET /v2/account', { key: guess })).toMatchObject(sentHome);
    expect(await ask(here, 'GET /v2/account', { key: guess })).toMatchObject({ status: 401 });
  });

  test('a cell that finds another cell’s account in its tables does not answer for it', async () => {
    const key = await aTrader();
    const copied = await standing({ ...eu.environment, CELL: 'us-1' });
    expect(await ask(copied, 'GET /v2/account', { key })).toMatchObject(sentHome);
  });

  test('a key of a cell nobody knows is one that is not authorized', async () => {
    const key = { keyId: 'OC000000000000000000', secret: 'secret' };
    expect(await ask(there, 'GET /v2/account', { key })).toMatchObject({ status: 401 });
  });
});
