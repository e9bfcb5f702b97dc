import { expect, test } from 'vitest';
import { reconcile } from '../../platform/ledger/reconcile.ts';
import { startTestCell } from '../support/cell.ts';
import { onDynamoDb } from '../support/on-dynamodb.ts';

await onDynamoDb('the market on DynamoDB Local', (endpoint) => {
  test('two clients trade, and a cell that takes over finds the book as it was', async () => {
    const suffix = `${process.pid}-${Date.now()}`;
    const store = {
      kind: 'dynamodb',
      endpoint,
      tables: { log: `market-log-${suffix}`, items: `market-items-${suffix}` },
    } as const;
    const first = await startTestCell({ venue: 'internal', store });
    const [buyer, seller, administrator] = [
      first.key('first'),
      first.key('second'),
      first.key('administrator'),
    ];
    await first.ask(administrator, `POST /v1/accounts/${seller.accountId}/transfers`, {
      body: { direction: 'INCOMING', symbol: 'ALFA', qty: '100' },
      headers: { 'idempotency-key': 'shares' },
    });
    await first.place({ side: 'sell', qty: '20', limit_price: '99.50', time_in_force: 'gtc' }, seller);
    await first.cell.market?.drained();
    await first.stop();

    const second = await startTestCell({ venue: 'internal', store });
    const placed = await second.ask(buyer, 'POST /v2/orders', {
      body: { symbol: 'ALFA', qty: '15', side: 'buy', type: 'market', time_in_force: 'day' },
    });
    await second.cell.market?.drained();
    const { body } = await second.ask(buyer, `GET /v2/orders/${String(placed.body['id'])}`);
    expect(body).toMatchObject({ status: 'filled', filled_qty: '15', filled_avg_price: '99.5' });
    expect(await reconcile(second.cell.dependencies.store)).toMatchObject({ findings: [] });
    await second.stop();
  });
});
