import { thrownMax } from '../../../domain/kill-switch/state.ts';
import type { AnyReason } from '../../../functions/api/door/reasons.ts';
import { orderId } from '../../../domain/values/ids.ts';
import { streamCaps } from '../../../functions/streams/stream-slots.ts';
import { newKeyId, newSecret } from '../../../platform/keys/secret.ts';
import { systemContext } from '../../../local/system-context.ts';
import { type Answer, configWith, startTestCell, type TestCell } from '../../support/cell.ts';
import { Desk } from './desk.ts';

/** Asks something of a fresh cell and gives the answer that carries the reason. */
export type Scenario = () => Promise<Answer>;

/** A cell whose config differs from the seed, and what is asked of it. */
function given(
  changes: Readonly<Record<string, unknown>>,
  ask: (cell: TestCell, desk: Desk) => Promise<Answer>,
): Scenario {
  return async () => {
    const cell = await startTestCell({ config: configWith(changes) });
    try {
      return await ask(cell, new Desk(cell));
    } finally {
      await cell.stop();
    }
  };
}

const asked = (ask: (cell: TestCell, desk: Desk) => Promise<Answer>): Scenario => given({}, ask);
const placed = (order: Readonly<Record<string, unknown>>, changes = {}): Scenario =>
  given(changes, (cell) => cell.place(order));

const account = 'limits.accounts.default';
/** Like the others, but nobody has said what it is worth. */
const newInstrument = {
  symbol: 'NEWX',
  name: 'New',
  exchange: 'SIM',
  currency: 'USD',
  tickSize: '0.01',
  lotSize: '1',
  tradable: true,
  halted: false,
  collarPpm: 50_000,
  passiveBandPpm: 500_000,
  referenceAgeMaxMs: 86_400_000,
  session: 'around-the-clock',
};

/** As many as there can be kill switches thrown. */
const manyInstruments = Array.from({ length: thrownMax }, (_, n) => ({
  ...newInstrument,
  symbol: `NEW${n}`,
}));

const nobody = '8dab87c1-0e2e-5bd7-8ad7-01d7d3972620';

/** How each reason comes about, through the API alone. */
export const scenarios: Readonly<Partial<Record<AnyReason, Scenario>>> = {
  too_many_streams: asked(async (cell) => {
    const key = cell.key('first');
    for (let open = 0; open < streamCaps.perKey; open += 1)
      cell.cell.dependencies.streamSlots.take(key.keyId, 'trade_events');
    return cell.ask(key, 'GET /v2/events/trades');
  }),
  kill_switch_firm: placed({}, { 'switches.firm': true }),
  kill_switch_account: asked(async (first) => {
    const accountId = first.key('first').accountId;
    return given({ 'switches.accounts': [accountId] }, (cell) => cell.place())();
  }),
  kill_switch_instrument: placed({}, { 'switches.instruments': ['ALFA'] }),
  config_invalid: asked((_cell, desk) =>
    desk.ask('PATCH /v1/config', { changes: { dayTimeZone: 'Mars/Phobos' }, reason: 'a test' }),
  ),
  config_version_stale: asked((_cell, desk) =>
    desk.ask('PATCH /v1/config', {
      changes: { dayTimeZone: 'Asia/Tokyo' },
      base_version: 'another',
      reason: 'a test',
    }),
  ),
  config_version_unknown: asked((_cell, desk) => desk.ask('GET /v1/config/versions/another')),
  kill_switch_not_thrown: asked((_cell, desk) =>
    desk.ask('PUT /v1/kill-switches/firm', { on: false, reason: 'a test' }),
  ),
  kill_switches_full: given({ instruments: manyInstruments }, async (_cell, desk) => {
    const stop = { on: true, reason: 'a test' };
    for (const { symbol } of manyInstruments)
      await desk.ask(`PUT /v1/kill-switches/instruments/${symbol}`, stop);
    return desk.ask('PUT /v1/kill-switches/firm', stop);
  }),
  strategy_stopped: asked(async (cell, desk) => {
    const scope = { of: 'strategy', accountId: desk.accountId, strategyId: 'grid' } as const;
    await cell.cell.dependencies.killSwitch.change(
      { do: 'throw', scope, allowReducing: false, reason: 'a test', by: 'surveillance' },
      { actor: { kind: 'risk', id: 'surveillance' }, deadline: cell.deadline() },
    );
    return cell.place({ strategy_id: 'grid' });
  }),
  strategy_not_stopped: asked((_cell, desk) =>
    desk.ask(`POST /v1/surveillance/strategies/${desk.accountId}/grid/re-enable`, { reason: 'a test' }),
  ),
  instrument_unknown: placed({ symbol: 'NOPE' }),
  instrument_not_permitted: placed({}, { [`${account}.permittedSymbols`]: ['BRVO'] }),
  instrument_restricted: placed({}, { [`${account}.restrictedSymbols`]: ['ALFA'] }),
  instrument_not_tradable: placed({}, { 'instruments.0.tradable': false }),
  instrument_halted: placed({}, { 'instruments.0.halted': true }),
  session_closed: asked((cell) => {
    cell.clock.set('2026-11-23T06:00:00Z');
    return cell.place({ symbol: 'AAPL', limit_price: '230', time_in_force: 'fok' });
  }),
  quantity_off_lot: placed({ qty: '1.5' }),
  price_off_tick: placed({ limit_price: '100.001' }),
  terms_inconsistent: placed({ type: 'market' }),
  expiry_passed: placed({ time_in_force: 'gtd', expires_at: '2020-01-01T00:00:00Z' }),
  limit_not_configured: placed({}, { [`${account}.openOrdersMax`]: undefined }),
  maximum_order_quantity: placed({ qty: '100001' }),
  reference_price_missing: placed({ symbol: 'NEWX' }, { 'instruments.10': newInstrument }),
  reference_price_stale: asked((cell) => {
    cell.clock.set('2026-11-25T15:00:00Z');
    return cell.place();
  }),
  price_outside_collar: placed({ limit_price: '150' }),
  take_profit_out_of_place: placed({
    time_in_force: 'gtc',
    order_class: 'oto',
    take_profit: { limit_price: '99' },
  }),
  stop_loss_out_of_place: placed({
    time_in_force: 'gtc',
    order_class: 'oto',
    stop_loss: { stop_price: '100' },
  }),
  maximum_order_value: placed({ qty: '90000' }),
  duplicate_order: given({ [`${account}.duplicateWindowMs`]: 60_000 }, async (cell) => {
    await cell.place();
    return cell.place();
  }),
  account_halted: asked(async (cell, desk) => {
    await desk.halt();
    return cell.place();
  }),
  account_closed: asked(async (_cell, desk) => {
    const { key, accountId } = await desk.newAccount();
    await desk.halt(accountId);
    await desk.close(accountId);
    return desk.cell.place({}, key);
  }),
  account_suspended: asked(async (cell) => {
    const body = { suspend_trade: true };
    await cell.ask(cell.key('first'), 'PATCH /v2/account/configurations', { body });
    return cell.place();
  }),
  account_reduce_only: asked(async (cell, desk) => {
    await desk.filled({ qty: '10' }, [{ execution_id: 'e1', qty: '15', price: '100' }]);
    return cell.place();
  }),
  insufficient_funds: placed({ symbol: 'DLTA', limit_price: '312', qty: '5000' }),
  insufficient_shares: placed({ side: 'sell' }),
  maximum_open_orders: given({ [`${account}.openOrdersMax`]: 1 }, async (cell) => {
    await cell.place();
    return cell.place();
  }),
  maximum_day_notional: placed({}, { [`${account}.dayNotionalMax`]: { USD: '999.99' } }),
  maximum_position: placed({}, { 'limits.instruments.default.positionMax': '9' }),
  order_unknown: asked((_cell, desk) => desk.ask(`GET /v1/orders/${nobody}`)),
  too_late: asked(async (cell, desk) => {
    const id = await desk.filled({}, [{ execution_id: 'e1', qty: '10', price: '100' }]);
    return cell.ask(cell.key('first'), `DELETE /v2/orders/${id}`);
  }),
  request_pending: asked(async (cell) => {
    const { body } = await cell.place();
    await cell.ask(cell.key('first'), `DELETE /v2/orders/${String(body['id'])}`);
    return cell.ask(cell.key('first'), `DELETE /v2/orders/${String(body['id'])}`);
  }),
  original_id_stale: asked(async (cell, desk) => {
    const { id } = await desk.replaced();
    return cell.ask(cell.key('first'), `DELETE /v2/orders/${id}`);
  }),
  client_order_id_taken: asked(async (cell) => {
    await cell.place({ client_order_id: 'mine' });
    const { body } = await cell.place();
    return cell.ask(cell.key('first'), `PATCH /v2/orders/${String(body['id'])}`, {
      body: { qty: '11', client_order_id: 'mine' },
    });
  }),
  replace_changes_nothing: asked(async (cell) => {
    const { body } = await cell.place();
    return cell.ask(cell.key('first'), `PATCH /v2/orders/${String(body['id'])}`, { body: { qty: '10' } });
  }),
  field_not_replaceable: asked(async (cell) => {
    const { body } = await cell.place();
    return cell.ask(cell.key('first'), `PATCH /v2/orders/${String(body['id'])}`, { body: { trail: '1' } });
  }),
  venue_refused: asked(async (cell, desk) => {
    const { body } = await cell.place();
    const id = String(body['id']);
    await desk.report(id, { report: 'reject', text: 'unknown member' });
    return cell.ask(cell.key('first'), `GET /v2/orders/${id}`);
  }),
  execution_conflict: asked(async (_cell, desk) => {
    const id = await desk.filled({}, [{ execution_id: 'e1', qty: '5', price: '100' }]);
    return desk.report(id, { report: 'execute', execution_id: 'e1', qty: '6', price: '100' });
  }),
  execution_unknown: asked(async (_cell, desk) => {
    const id = await desk.filled({}, [{ execution_id: 'e1', qty: '5', price: '100' }]);
    return desk.report(id, { report: 'bust', execution_id: 'e2' });
  }),
  order_of_another_venue: asked(async (cell, desk) => {
    const { body } = await cell.place();
    const id = String(body['id']);
    await desk.report(id, { report: 'accept', venue_order_id: 'V1' });
    const other = await cell.issue({ role: 'venue', venue_id: 'XOTHER', person_id: 'other' });
    return cell.ask(other, `POST /v1/orders/${id}/reports`, {
      body: { report: 'execute', execution_id: 'o1', qty: '10', price: '100' },
      headers: { 'idempotency-key': 'other-1' },
    });
  }),
  report_out_of_place: asked(async (cell, desk) => {
    const { body } = await cell.place();
    return desk.report(String(body['id']), { report: 'confirm-replace' });
  }),
  transfer_asset_unknown: asked((_cell, desk) => desk.transfer({ symbol: 'NOPE', qty: '1' })),
  account_not_halted: asked((_cell, desk) => desk.close()),
  account_not_empty: asked(async (_cell, desk) => {
    await desk.halt();
    return desk.close();
  }),
  account_short: asked(async (_cell, desk) => {
    await desk.makeShort();
    return desk.ask(`POST /v1/accounts/${desk.accountId}/lift-restriction`);
  }),
  second_person_required: asked(async (_cell, desk) => {
    await desk.halt();
    const { body } = await desk.ask(`POST /v1/accounts/${desk.accountId}/lift-halt`);
    return desk.ask(`POST /v1/approvals/${desk.approvalId(body)}/approve`);
  }),
  approval_unknown: asked((_cell, desk) => desk.ask(`POST /v1/approvals/${nobody}/approve`)),
  approval_closed: asked(async (_cell, desk) => {
    await desk.halt();
    const { body } = await desk.ask(`POST /v1/accounts/${desk.accountId}/lift-halt`);
    await desk.ask(`POST /v1/approvals/${desk.approvalId(body)}/refuse`);
    return desk.second(`POST /v1/approvals/${desk.approvalId(body)}/approve`);
  }),
  approval_mismatch: asked(async (_cell, desk) => {
    await desk.halt();
    const [first, second] = [await desk.askToLift(), await desk.askToLift()];
    await desk.second(`POST /v1/approvals/${first}/approve`);
    await desk.halt();
    return desk.second(`POST /v1/approvals/${second}/approve`);
  }),
  transfer_unknown: asked((_cell, desk) =>
    desk.ask(`GET /v1/accounts/${desk.accountId}/transfers/${nobody}`),
  ),
  transfer_closed: asked(async (_cell, desk) => {
    const { body } = await desk.transfer({ amount: '1' });
    return desk.ask(`DELETE /v1/accounts/${desk.accountId}/transfers/${String(body['id'])}`);
  }),
  maximum_balance: given({ transferApprovalAbove: { USD: 'unlimited' } }, async (_cell, desk) => {
    for (let transfer = 1; transfer < 10; transfer += 1) await desk.transfer({ amount: '100000000000' });
    return desk.transfer({ amount: '100000000000' });
  }),
  transfer_insufficient: asked((_cell, desk) =>
    desk.transfer({ direction: 'OUTGOING', amount: '1000000.01' }),
  ),

  body_malformed: asked((cell) => cell.ask(cell.key('first'), 'POST /v2/orders', { body: '{"qty":' })),
  headers_malformed: asked((cell) =>
    cell.ask(cell.key('first'), 'POST /v2/orders', {
      body: {},
      headers: { 'idempotency-key': 'x'.repeat(129) },
    }),
  ),
  idempotency_key_missing: asked((_cell, desk) =>
    desk.ask(`POST /v1/accounts/${desk.accountId}/transfers`, { direction: 'INCOMING', amount: '1' }),
  ),
  not_authenticated: asked((cell) => cell.ask(undefined, 'GET /v2/account')),
  account_elsewhere: given({ cells: { 'eu-1': { address: 'https://eu-1.example.com' } } }, (cell) =>
    cell.ask({ name: '', role: 'client', keyId: newKeyId('eu-1'), secret: newSecret() }, 'GET /v2/account'),
  ),
  not_permitted: asked((cell) => cell.ask(cell.key('first'), 'GET /v1/keys')),
  not_found: asked((cell) => cell.ask(cell.key('first'), 'GET /v2/nowhere')),
  order_not_found: asked((cell) => cell.ask(cell.key('first'), `GET /v2/orders/${nobody}`)),
  position_not_found: asked((cell) => cell.ask(cell.key('first'), 'GET /v2/positions/ALFA')),
  asset_not_found: asked((cell) => cell.ask(cell.key('first'), 'GET /v2/assets/NOPE')),
  account_not_found: asked((_cell, desk) => desk.ask(`GET /v1/accounts/${nobody}`)),
  consumer_not_found: asked((_, desk) => desk.ask('POST /v1/parked/nobody/redrive')),
  key_not_found: asked((_cell, desk) => desk.ask('DELETE /v1/keys/OC000000000000000000')),
  last_administrator_key: asked((cell) => {
    const key = cell.key('administrator');
    return cell.ask(key, `DELETE /v1/keys/${key.keyId}`);
  }),
  method_not_allowed: asked((cell) => cell.ask(cell.key('first'), 'PUT /v2/orders')),
  body_too_large: asked((cell) => cell.place({ client_order_id: 'x'.repeat(1024 * 1024) })),
  evidence_too_large: asked(async (cell, desk) => {
    const { body } = await cell.place();
    const { reporting, clock } = cell.cell.dependencies;
    for (let commit = 0; commit < 12; commit += 1)
      await reporting.report(
        'XSIM',
        orderId(String(body['id'])),
        { report: 'restate', text: 'x'.repeat(200_000) },
        systemContext('a talkative venue', clock),
      );
    return desk.ask(`GET /v1/orders/${String(body['id'])}/evidence`);
  }),
  client_order_id_reused: asked(async (cell) => {
    await cell.place({ client_order_id: 'mine' });
    return cell.place({ client_order_id: 'mine', qty: '11' });
  }),
  idempotency_key_reused: asked(async (_cell, desk) => {
    await desk.transfer({ amount: '1' }, 'again');
    return desk.transfer({ amount: '2' }, 'again');
  }),
  history_too_large: asked(async (cell) => {
    await cell.place();
    await cell.cell.views.drained();
    const { views } = cell.cell.dependencies;
    const [row] = await views.orders(
      { accountId: cell.key('first').accountId ?? '', status: 'all', direction: 'asc', limit: 1 },
      cell.deadline(),
    );
    if (!row) throw new TypeError('the order is in the list');
    let made = 0;
    const orders = async () =>
      Array.from({ length: 500 }, () => {
        made += 1;
        return { ...row, orderId: `order ${made}` };
      });
    Object.assign(views, { orders });
    return cell.ask(cell.key('first'), 'GET /v2/account?as_of=2026-11-23T15:00:00Z');
  }),
  maximum_webhooks: given({ webhooks: { perAccountMax: 0 } }, (cell) =>
    cell.ask(cell.key('first'), 'POST /v2/webhooks', { body: { url: 'https://example.com/hook' } }),
  ),
  webhook_not_found: asked((cell) => cell.ask(cell.key('first'), `GET /v2/webhooks/${nobody}`)),
  delivery_not_found: asked(async (cell) => {
    const hook = { body: { url: 'https://example.com/hook' } };
    const { body } = await cell.ask(cell.key('first'), 'POST /v2/webhooks', hook);
    return cell.ask(cell.key('first'), `POST /v2/webhooks/${String(body['id'])}/deliveries/1/redeliver`);
  }),
  rate_limited: given({ 'rateLimits.default': { requestsPerMinute: 1, burst: 1 } }, async (cell) => {
    await cell.place();
    return cell.place();
  }),
  field_missing: placed({ qty: undefined }),
  field_invalid: placed({ qty: 'ten' }),
  field_unknown: placed({ quantity: '10' }),
  field_unsupported: placed({ notional: '10' }),
};
