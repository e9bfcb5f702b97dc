import { amount, positionPrefix } from '../../domain/account/holdings.ts';
import { accountStream } from '../../domain/account/state.ts';
import { formatQuantity } from '../../domain/instrument/instrument.ts';
import { cancelOpenOrders } from '../../platform/cancelling/cancel-open-orders.ts';
import { recall } from '../../platform/command-handler/key-memory.ts';
import { remainingMs } from '../../platform/deadline/deadline.ts';
import { uuidV5 } from '../../platform/ids/uuid.ts';
import type { Dependencies, Reaching } from '../dependencies.ts';
import type { TradingCaller } from './door/caller.ts';
import { parse } from './door/fields.ts';
import { type Reply, refused, replayed } from './door/reply.ts';
import { type ApiRequest, commandKey, contextOf, idempotencyKey, parameter, query } from './door/request.ts';
import { type ApiFunction, trading } from './door/routes.ts';
import {
  type ClosePositionQuery,
  closePositionQuery,
  closePositionsQuery,
  lotsOf,
} from './shapes/close-position-json.ts';
import { symbolOf } from './shared/assets.ts';
import { type Holding, holdingsOf } from './shared/holdings.ts';
import { refusedBy } from './shared/outcomes.ts';
import { Placement } from './shared/placement.ts';

type Needs = Reaching<'accounts' | 'killSwitch' | 'orders' | 'prices' | 'views'>;

type Request = ApiRequest<TradingCaller>;

interface Desk {
  readonly dependencies: Needs;
  readonly placement: Placement;
}

/** A position to sell, and how much of it. */
interface Closing {
  readonly symbol: string;
  /** Decimal text. */
  readonly quantity: string;
}

/** Sells positions at the market, by orders like any other. */
export const closePositions: ApiFunction<Needs> = (dependencies) => {
  const desk: Desk = { dependencies, placement: new Placement(dependencies) };
  return {
    'DELETE /v2/positions/{symbol_or_asset_id}': trading(async (request) => {
      const parsed = parse(closePositionQuery, query(request));
      return 'refusal' in parsed ? parsed.refusal : closeOne(desk, request, parsed.value);
    }),
    'DELETE /v2/positions': trading(async (request) => {
      const parsed = parse(closePositionsQuery, query(request));
      if ('refusal' in parsed) return parsed.refusal;
      return closeAll(desk, request, parsed.value.cancel_orders === 'true');
    }),
  };
};

/** A repeat under the same key meets the order of the first time, also when there is nothing left to close by then. */
async function closeOne(desk: Desk, request: Request, asked: ClosePositionQuery): Promise<Reply> {
  const { dependencies, placement } = desk;
  const symbol = symbolOf(parameter(request, 'symbol_or_asset_id'), dependencies.config.current().config);
  const key = idempotencyKey(request);
  // One name for a key, whatever it is for: other content under it is met, and refused.
  const name = orderName(request, key ?? dependencies.random.id());
  const isRepeat = key !== undefined && (await placement.isKnown(request, name));
  const quantity = isRepeat ? '0' : await quantityToClose(dependencies, request, { symbol, asked });
  if (quantity === undefined) return refused('position_not_found');
  return sell(desk, request, { symbol, quantity }, { name, meant: { close: symbol, ...asked } });
}

/** Undefined: there is no such position. */
async function quantityToClose(
  dependencies: Needs,
  request: Request,
  { symbol, asked }: { readonly symbol: string; readonly asked: ClosePositionQuery },
): Promise<string | undefined> {
  const holdings = await holdingsNow(dependencies, request);
  const holding = holdings.find(({ instrument }) => instrument.entry.symbol === symbol);
  if (!holding || holding.total <= 0) return undefined;
  const { contract } = holding.instrument.rules;
  return asked.qty ?? formatQuantity(lotsOf(holding.total, asked.percentage), contract);
}

/**
 * What is to be sold is on record before the first order, so that a repeat under the same key goes on with exactly that. Each order is
 * answered for itself, as Alpaca does: 207 with a status for each.
 */
async function closeAll(desk: Desk, request: Request, cancelOrders: boolean): Promise<Reply> {
  const { dependencies } = desk;
  const key = idempotencyKey(request);
  const cause = key ?? dependencies.random.id();
  if (cancelOrders && !(await wasAsked(dependencies, request, key)))
    await cancelFirst(dependencies, request, cause);
  const positions = (await holdingsNow(dependencies, request))
    .filter(({ total }) => total > 0)
    .slice(0, positionsMax)
    .map(wholeOf);
  const outcome = await dependencies.accounts.handle(
    accountStream(request.caller.accountId),
    { do: 'close-positions', positions },
    contextOf(request, key === undefined ? {} : { key: commandKey(key, { closeAll: true, cancelOrders }) }),
  );
  if (outcome.outcome === 'key-reused') return refused('idempotency_key_reused');
  const events = outcome.outcome === 'unchanged' ? [] : outcome.events;
  const refusal = events.find((event) => event.type === 'AccountChangeRefused');
  if (refusal) return refusedBy(refusal.data);
  const requested = events.find((event) => event.type === 'PositionsClosingRequested');
  const reply = { status: 207, body: await sellAll(desk, request, requested?.data.positions ?? [], cause) };
  return outcome.outcome === 'replayed' ? replayed(reply) : reply;
}

/** What was placed since the first call is nothing that it asked to be canceled. */
async function wasAsked(
  { accounts }: Pick<Dependencies, 'accounts'>,
  { caller, deadline }: Request,
  key: string | undefined,
): Promise<boolean> {
  if (key === undefined) return false;
  const { keys } = await accounts.load(accountStream(caller.accountId), deadline);
  return recall(keys, key) !== undefined;
}

/** More than an account holds; whoever holds more asks again. */
const positionsMax = 500;

function wholeOf({ instrument: { entry, rules }, total }: Holding): Closing {
  return { symbol: entry.symbol, quantity: formatQuantity(total, rules.contract) };
}

/** Sold at once; the rest waits its turn, so that nobody else does. */
const atOnce = 50;

async function sellAll(desk: Desk, request: Request, positions: readonly Closing[], cause: string) {
  const answers: { symbol: string; status: number; body: unknown }[] = [];
  for (let from = 0; from < positions.length; from += atOnce) {
    const batch = positions.slice(from, from + atOnce).map(async (closing) => {
      const name = orderName(request, `all ${cause} ${closing.symbol}`);
      const { status, body } = await sell(desk, request, closing, { name, meant: { closeAll: closing } });
      return { symbol: closing.symbol, status, body };
    });
    answers.push(...(await Promise.all(batch)));
  }
  return answers;
}

/** At the market, for the day: without a limit the order stops at its protection price. */
function sell(
  { placement }: Desk,
  request: Request,
  { symbol, quantity }: Closing,
  { name, meant }: { readonly name: string; readonly meant: unknown },
): Promise<Reply> {
  const requested = { orderType: 'market', timeInForce: 'day', quantity } as const;
  const content = { symbol, side: 'sell', requested } as const;
  return placement.place(request, { name, content, meant, reused: 'idempotency_key_reused' });
}

function orderName({ caller }: Request, cause: string): string {
  return uuidV5(caller.accountId, `close ${cause}`);
}

async function holdingsNow(dependencies: Needs, { caller, deadline }: Request) {
  return holdingsOf(dependencies, await dependencies.store.readItems(caller.accountId, deadline), deadline);
}

/** Looks again this often whether what was canceled has given back its shares, and then goes on. */
const looksMax = 20;
const pauseMs = 50;

/** Cancels, and waits a moment for the venue's word: shares are held until then. */
async function cancelFirst(dependencies: Needs, request: Request, cause: string): Promise<void> {
  const { config, store, clock } = dependencies;
  const { accountId } = request.caller;
  await cancelOpenOrders(
    dependencies,
    { accountId, reason: 'requested', cause: uuidV5(accountId, cause) },
    contextOf(request, { config: config.current().version }),
  );
  for (let look = 0; look < looksMax; look += 1) {
    const items = await store.readItems(accountId, request.deadline);
    const isHeld = [...items].some(
      ([name, item]) => name.startsWith(positionPrefix) && amount(item, 'held') > 0,
    );
    if (!isHeld || remainingMs(request.deadline, clock) < pauseMs * looksMax) return;
    await clock.sleep(pauseMs);
  }
}
