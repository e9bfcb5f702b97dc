import type { Account } from '../../domain/account/state.ts';
import { parseQuantity } from '../../domain/instrument/instrument.ts';
import { formatAmount, type TransferAsset, transferMax } from '../../domain/transfer/asset.ts';
import type { RequestTransfer } from '../../domain/transfer/commands.ts';
import { type TransferState, transferStream } from '../../domain/transfer/state.ts';
import { currencies, formatMoney, money, parseMoney } from '../../domain/values/money.ts';
import { transferIdOf } from '../../platform/ids/derived-ids.ts';
import type { TradingConfig } from '../../platform/hot-config/trading-config.ts';
import type { Reaching } from '../dependencies.ts';
import { accountInPath } from './shared/account-lookup.ts';
import { askSecondPerson } from './shared/approval-requests.ts';
import type { OperatorCaller } from './door/caller.ts';
import { parse } from './door/fields.ts';
import { refusedBy } from './shared/outcomes.ts';
import { noContent, ok, type Reply, refused, replayed } from './door/reply.ts';
import { type ApiRequest, commandKey, contextOf, idempotencyKey, parameter } from './door/request.ts';
import { type ApiFunction, operating } from './door/routes.ts';
import { type TransferBody, transferBody } from './shapes/transfer-fields.ts';
import { transferJson } from './shapes/transfer-json.ts';

type Needs = Reaching<'accounts' | 'approvals' | 'transfers'>;

/** Moves cash and shares between accounts and the world outside; above a threshold only with a second person. */
export const transfers: ApiFunction<Needs> = (dependencies) => ({
  'POST /v1/accounts/{account_id}/transfers': operating(async (request) => {
    const key = idempotencyKey(request);
    if (key === undefined) return refused('idempotency_key_missing');
    const parsed = parse(transferBody, request.body);
    if ('refusal' in parsed) return parsed.refusal;
    const account = await accountInPath(dependencies, request);
    if (!account) return refused('account_not_found');
    const { config, version } = dependencies.config.current();
    const asset = assetOf(parsed.value, account, config);
    if ('refusal' in asset) return asset.refusal;
    const transferId = transferIdOf(account.accountId, key);
    const outcome = await dependencies.transfers.handle(
      transferStream(transferId),
      {
        do: 'request',
        transferId,
        accountId: account.accountId,
        direction: parsed.value.direction === 'INCOMING' ? 'in' : 'out',
        ...asset,
        epoch: account.epoch,
      },
      contextOf(request, { expectNew: true, config: version, key: commandKey(key, parsed.value) }),
    );
    if (outcome.outcome === 'key-reused') return refused('idempotency_key_reused');
    const reply = await replyTo(dependencies, request, outcome.state, transferId);
    return outcome.outcome === 'replayed' ? replayed(reply) : reply;
  }),
  'GET /v1/accounts/{account_id}/transfers/{transfer_id}': operating(async (request) => {
    const transferId = parameter(request, 'transfer_id');
    const state = await transferInPath(dependencies, request);
    if (state?.kind === 'denied') return refusedBy(state.denial);
    return state ? ok(transferJson(state, transferId)) : refused('transfer_unknown');
  }),
  'DELETE /v1/accounts/{account_id}/transfers/{transfer_id}': operating(async (request) => {
    const transferId = parameter(request, 'transfer_id');
    if (!(await transferInPath(dependencies, request))) return refused('transfer_unknown');
    const command = { do: 'cancel', reason: 'requested' } as const;
    const key = idempotencyKey(request);
    const name = `${request.caller.personId} ${key}`;
    const context = contextOf(request, key === undefined ? {} : { key: commandKey(name, command) });
    const outcome = await dependencies.transfers.handle(transferStream(transferId), command, context);
    if (outcome.outcome === 'key-reused') return refused('idempotency_key_reused');
    const events = 'events' in outcome ? outcome.events : [];
    const refusal = events.find((event) => event.type === 'TransferChangeRefused');
    const reply = refusal ? refusedBy(refusal.data) : noContent;
    return outcome.outcome === 'replayed' ? replayed(reply) : reply;
  }),
});

/** Somebody else's transfer is not found, like one that never was. */
async function transferInPath(
  dependencies: Needs,
  request: ApiRequest,
): Promise<Exclude<TransferState, { kind: 'unrequested' }> | undefined> {
  const account = await accountInPath(dependencies, request);
  const stream = transferStream(parameter(request, 'transfer_id'));
  const { state } = await dependencies.transfers.load(stream, request.deadline);
  if (state.kind === 'unrequested') return undefined;
  const owner = state.kind === 'denied' ? state.denial.accountId : state.accountId;
  return owner === account?.accountId ? state : undefined;
}

/** What waits for a second person is put before them under the same key, so that a retry finds it there or puts it there. */
async function replyTo(
  dependencies: Needs,
  request: ApiRequest<OperatorCaller>,
  state: TransferState,
  transferId: string,
): Promise<Reply> {
  if (state.kind === 'denied') return refusedBy(state.denial);
  if (state.kind === 'unrequested') return refused('transfer_unknown');
  if (state.status !== 'pending') return ok(transferJson(state, transferId));
  const asked = await askSecondPerson(dependencies, request, {
    action: 'transfer',
    subject: transferStream(transferId),
    request: { transferId },
  });
  if (asked.status !== 202 || !isObject(asked.body)) return asked;
  return { ...asked, body: { ...transferJson(state, transferId), ...asked.body } };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function tooMuch(field: string, asset: TransferAsset, observed = ''): Reply {
  const limit = formatAmount(asset, transferMax);
  return refused('field_invalid', { field, hint: `at most ${limit} in one transfer`, limit, observed });
}

type Asset = Pick<RequestTransfer, 'requested' | 'asset' | 'approvalAbove'>;

/** What is to move, in minor units or lots; no asset where it is neither a currency nor an instrument: the rules record that. */
function assetOf(
  { amount, currency, symbol, qty }: TransferBody,
  account: Account,
  config: TradingConfig,
): Asset | { readonly refusal: Reply } {
  if (symbol !== undefined) {
    const requested = { asset: symbol, amount: qty ?? '' };
    const instrument = config.instrument(symbol);
    if (!instrument) return { requested, asset: undefined, approvalAbove: undefined };
    const { contract } = instrument.rules;
    const quantity = parseQuantity(qty ?? '', contract);
    if (!quantity)
      return { refusal: refused('quantity_off_lot', { limit: contract.lotSize, observed: qty ?? '' }) };
    const asset = { kind: 'shares', contract, quantity } as const;
    if (quantity > transferMax) return { refusal: tooMuch('qty', asset, qty) };
    return { requested, asset, approvalAbove: instrument.transferApprovalAbove };
  }
  const name = currency ?? account.currency;
  const requested = { asset: name, amount: amount ?? '' };
  const known = currencies.find((one) => one === name);
  if (!known) return { requested, asset: undefined, approvalAbove: undefined };
  const minorUnits = parseMoney(amount ?? '', known);
  if (!minorUnits) {
    const most = formatMoney(money(transferMax), known);
    const hint = `more than zero and at most ${most}, to the cent of ${known}`;
    return { refusal: refused('field_invalid', { field: 'amount', hint }) };
  }
  const asset = { kind: 'cash', currency: known, amount: minorUnits } as const;
  if (minorUnits > transferMax) return { refusal: tooMuch('amount', asset, amount) };
  return { requested, asset, approvalAbove: config.transferApprovalAbove(known) };
}
