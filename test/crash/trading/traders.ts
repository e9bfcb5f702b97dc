import { randomInt, randomUUID } from 'node:crypto';
import { type Answer, answerTo, type Call, forEach } from '../call.ts';
import type { Holder } from '../memory.ts';

export const symbols = ['BRVO', 'ECHO'] as const;
const middleCents = { BRVO: 2_550, ECHO: 1_240 } as const;
const clients = 8;
const recentMax = 40;
const retryRoundsMax = 20;

interface Placed {
  readonly holder: Holder;
  readonly call: Call;
  readonly name: string;
  readonly id: string;
}

/** Clients on both sides of two books, who cross, cancel and replace until nobody answers any more. */
export class Traders {
  readonly placed = new Map<string, Placed>();
  readonly #holders: readonly Holder[];
  readonly #violated: (what: string) => void;
  readonly #recent: Placed[] = [];
  #unanswered: { readonly holder: Holder; readonly call: Call; readonly name: string }[] = [];
  #isOver = false;
  #work: Promise<unknown> = Promise.resolve();
  acknowledged = 0;

  constructor(holders: readonly Holder[], violated: (what: string) => void) {
    this.#holders = holders;
    this.#violated = violated;
  }

  start(address: string): void {
    this.#isOver = false;
    this.#work = Promise.all(Array.from({ length: clients }, async () => this.#client(address)));
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#work;
  }

  /** Sends again, unchanged, the orders that were never answered. */
  async settle(address: string): Promise<void> {
    for (let round = 1; this.#unanswered.length > 0; round += 1) {
      if (round > retryRoundsMax) throw new Error(`still unanswered after ${retryRoundsMax} rounds`);
      const again = this.#unanswered;
      this.#unanswered = [];
      await forEach(again, clients, async ({ holder, call, name }) => {
        await this.#send(address, holder, { call, name });
      });
    }
  }

  async #client(address: string): Promise<void> {
    while (!this.#isOver) {
      const holder = this.#holders[randomInt(this.#holders.length)];
      const order = this.#recent[randomInt(recentMax)];
      const dice = randomInt(100);
      if (!holder) return;
      const isAnswered =
        order && dice < 40
          ? await this.#change(address, order, dice < 20)
          : await this.#send(address, holder, placing(holder));
      if (!isAnswered) return;
    }
  }

  async #send(
    address: string,
    holder: Holder,
    { call, name }: { readonly call: Call; readonly name: string },
  ): Promise<boolean> {
    const answer = await answerTo(address, call);
    if (!answer) {
      this.#unanswered.push({ holder, call, name });
      return false;
    }
    if (answer.status !== 200) this.#violated(`order ${name} was refused: ${shown(answer)}`);
    this.acknowledged += 1;
    const placed = { holder, call, name, id: String(answer.body['id']) };
    this.placed.set(name, placed);
    this.#recent[randomInt(recentMax)] = placed;
    return true;
  }

  /** 422: it was filled, canceled or replaced meanwhile. */
  async #change(address: string, { holder, id }: Placed, isCancel: boolean): Promise<boolean> {
    const as = holder.trader;
    const path = `/v2/orders/${id}`;
    const answer = await answerTo(
      address,
      isCancel
        ? { method: 'DELETE', path, as }
        : { method: 'PATCH', path, as, body: { qty: String(1 + randomInt(9)) } },
    );
    if (!answer) return false;
    this.acknowledged += 1;
    if (answer.status >= 300 && answer.status !== 422)
      this.#violated(`a change was refused: ${shown(answer)}`);
    return true;
  }
}

function placing({ trader }: Holder): { readonly call: Call; readonly name: string } {
  const symbol = symbols[randomInt(symbols.length)] ?? 'BRVO';
  const name = `trade-${randomUUID()}`;
  const body = {
    symbol,
    qty: String(1 + randomInt(9)),
    side: randomInt(2) === 0 ? 'buy' : 'sell',
    type: 'limit',
    limit_price: String((middleCents[symbol] + randomInt(7) - 3) / 100),
    time_in_force: 'gtc',
    client_order_id: name,
  };
  return { name, call: { method: 'POST', path: '/v2/orders', as: trader, body } };
}

function shown({ status, body }: Answer): string {
  return `${status} ${JSON.stringify(body).slice(0, 300)}`;
}
