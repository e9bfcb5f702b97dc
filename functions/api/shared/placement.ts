import type { PlaceOrder } from '../../../domain/order/commands.ts';
import { orderStream } from '../../../domain/order/effects.ts';
import type { OrderEvent } from '../../../domain/order/events.ts';
import type { OrderState } from '../../../domain/order/state.ts';
import { accountId, clientOrderId, orderId } from '../../../domain/values/ids.ts';
import type { Outcome } from '../../../platform/command-handler/outcome.ts';
import { uuidV5 } from '../../../platform/ids/uuid.ts';
import { type OrderRow, rowFromState } from '../../../platform/views/order-row.ts';
import type { Reaching } from '../../dependencies.ts';
import type { TradingCaller } from '../door/caller.ts';
import { ok, type Reply, refused, replayed } from '../door/reply.ts';
import { type ApiRequest, commandKey, contextOf } from '../door/request.ts';
import { orderJson } from '../shapes/order-json.ts';
import { legsOf } from './order-legs.ts';
import { refusedBy } from './outcomes.ts';
import { RulesDesk } from './trading-rules.ts';

type Needs = Reaching<'killSwitch' | 'orders' | 'prices'>;

export interface NewOrder {
  /** The client order id: the same one meets the same order. */
  readonly name: string;
  readonly content: Pick<PlaceOrder, 'symbol' | 'side' | 'requested' | 'strategyId' | 'linked'>;
  /** What the client asked for: other content under the same name is refused as `reused`. */
  readonly meant: unknown;
  readonly reused: 'client_order_id_reused' | 'idempotency_key_reused';
}

/** The one way orders of clients are placed, whichever route they come by. */
export class Placement {
  readonly #dependencies: Needs;
  readonly #desk: RulesDesk;

  constructor(dependencies: Needs) {
    this.#dependencies = dependencies;
    this.#desk = new RulesDesk(dependencies);
  }

  async place(request: ApiRequest<TradingCaller>, order: NewOrder): Promise<Reply> {
    const { accountId: account } = request.caller;
    const { name, content, meant, reused } = order;
    const { symbol, side, strategyId } = content;
    const asked = { accountId: account, symbol, side, ...(strategyId !== undefined && { strategyId }) };
    const { rules, config, epoch } = await this.#desk.inForce(asked, request.deadline);
    const id = uuidV5(account, name);
    const outcome = await this.#dependencies.orders.handle(
      orderStream(id),
      {
        do: 'place',
        orderId: orderId(id),
        accountId: accountId(account),
        clientOrderId: clientOrderId(name),
        ...content,
        rules,
      },
      contextOf(request, { key: commandKey(name, meant), config, epoch, expectNew: true }),
    );
    const legs = (row: OrderRow) => legsOf(this.#dependencies, row, request.deadline);
    return replyTo(outcome, reused, { onMoved: () => this.#desk.forget(account), legs });
  }

  /** Whether an order of this name was placed or refused before. */
  async isKnown({ caller, deadline }: ApiRequest<TradingCaller>, name: string): Promise<boolean> {
    const stream = orderStream(uuidV5(caller.accountId, name));
    return (await this.#dependencies.orders.load(stream, deadline)).version > 0;
  }
}

interface Around {
  readonly onMoved: () => void;
  readonly legs: (row: OrderRow) => Promise<readonly OrderRow[]>;
}

async function replyTo(
  outcome: Outcome<OrderState, OrderEvent>,
  reused: 'client_order_id_reused' | 'idempotency_key_reused',
  { onMoved, legs }: Around,
): Promise<Reply> {
  if (outcome.outcome === 'key-reused' || outcome.outcome === 'unchanged') {
    return refused(reused);
  }
  const { state, commit } = outcome;
  const reply =
    state.kind === 'denied' ? refusedBy(state.denial) : await accepted(state, commit.version, legs);
  if (state.kind === 'denied' && state.denial.reason === 'account_moved') onMoved();
  return outcome.outcome === 'replayed' ? replayed(reply) : reply;
}

async function accepted(state: OrderState, version: number, legs: Around['legs']): Promise<Reply> {
  const row = rowFromState(state, version);
  if (!row) throw new TypeError('an order that was just placed has one row');
  return ok(orderJson(row, await legs(row)));
}
