import { afterAll, beforeAll, expect, test } from 'vitest';
import { accounts } from '../../functions/api/accounts.ts';
import { wrap } from '../../functions/api/door/wrap.ts';
import { keys } from '../../functions/api/keys.ts';
import { placeOrder } from '../../functions/api/place-order.ts';
import { readAccount } from '../../functions/api/read-account.ts';
import { doorOf } from '../../functions/compose-ground.ts';
import type { Door, Reaching } from '../../functions/dependencies.ts';
import {
  withAccounts,
  withKillSwitch,
  withOrders,
  withPrices,
  withViews,
} from '../../functions/lambda/parts.ts';
import * as administration from '../../functions/manifest/administration.ts';
import * as trading from '../../functions/manifest/trading.ts';
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

type Standing = Door & Reaching<'accounts' | 'killSwitch' | 'orders' | 'prices' | 'views'>;

const asked = {
  'POST /v1/accounts': [administration.accounts, accounts],
  'POST /v1/keys': [administration.keys, keys],
  'GET /v2/account': [trading.readAccount, readAccount],
  'POST /v2/orders': [trading.placeOrder, placeOrder],
} as const;

await onDynamoDb('two cells', (endpoint) => {
  let eu: LambdaCell;
  let us: LambdaCell;
  let here: Standing;
  let there: Standing;

  async function standing(environment: LambdaCell['environment']): Promise<Standing> {
    const on = await stand(await surroundingsOf(environment), { log: 'write' });
    return {
      ...doorOf(on),
      ...withOrders(on),
      ...withAccounts(on),
      ...withKillSwitch(on),
      ...withPrices(on),
      ...withViews(on),
    };
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

  async function ask(cell: Standing, route: keyof typeof asked, call: LambdaCall) {
    const [entry, open] = asked[route];
    const handler = wrap(entry, open(cell), cell);
    return answerOf(await handler(apiRequest(route, call), contextWith(10_000)));
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
