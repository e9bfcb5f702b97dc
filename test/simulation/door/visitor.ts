import { keyStream } from '../../../domain/api-key/state.ts';
import type { Side } from '../../../domain/order/terms.ts';
import { accountId } from '../../../domain/values/ids.ts';
import { hashOfSecret } from '../../../platform/keys/secret.ts';
import { requestHashOf } from '../../../platform/command-handler/request-hash.ts';
import type { Instrument } from '../market.ts';
import type { Prng } from '../prng.ts';
import type { Sim } from '../sim.ts';
import { someChange, someLinked, someTerms } from '../wishes.ts';
import { placingBody, replacingBody } from './bodies.ts';
import type { Errand } from './errand.ts';
import type { DoorAnswer } from './front-door.ts';
import { type DoorKey, doorKey } from './key.ts';
import { Visits } from './visits.ts';

interface Known {
  readonly id: string;
  readonly symbol: string;
  readonly side: Side;
}

/** A client who comes in by the door: with an API key, over HTTP, asking again until there is an answer, and now and then what was asked before. */
export class Visitor {
  readonly #sim: Sim;
  readonly #name: string;
  readonly #account: string;
  readonly #prng: Prng;
  readonly #key: DoorKey;
  readonly #visits: Visits;
  readonly #known: Known[] = [];
  readonly #asked: Errand[] = [];
  #errands = 0;

  constructor(sim: Sim, number: number, account: string, prng: Prng) {
    this.#sim = sim;
    this.#name = `door-${number}`;
    this.#account = account;
    this.#prng = prng;
    this.#key = doorKey(this.#name);
    const address = `192.0.2.${number}`;
    this.#visits = new Visits({ sim, prng: prng.fork('visits'), key: this.#key, address });
  }

  async run(): Promise<void> {
    await this.#getKey();
    const busy = this.#prng.pick([20, 60, 200]);
    while (!this.#sim.isEnding) {
      await this.#sim.pause(this.#name, 'thinks', this.#prng.between(1, busy));
      await this.#act();
    }
  }

  /** Whatever was taken can be read when all is over, whichever process is asked. */
  async checkEnd(): Promise<void> {
    for (const { id } of this.#known.slice(-8)) await this.#visits.ask(this.#reading(id));
  }

  async #getKey(): Promise<void> {
    const { keyId, secret } = this.#key;
    const grant = { role: 'client', accountId: accountId(this.#account) } as const;
    const command = { do: 'issue', keyId, secretHash: hashOfSecret(secret), grant } as const;
    await this.#sim.request({
      what: 'issue key',
      name: `key ${this.#name}`,
      stream: keyStream(keyId),
      actor: { kind: 'operator', id: 'operator' },
      key: { commandId: this.#name, requestHash: requestHashOf(command) },
      expectNew: true,
      handle: (life, stream, context) =>
        life.door.keys.handle(stream, { ...command, personId: this.#name, issuedBy: 'operator' }, context),
    });
  }

  async #act(): Promise<void> {
    const act = this.#prng.weighted({
      place: 34,
      read: 24,
      replace: 18,
      cancel: 8,
      close: 3,
      repeat: 8,
      reuse: 3,
      stranger: 2,
    });
    const known = this.#prng.any(this.#known.slice(-10));
    if (act === 'repeat') return this.#repeat();
    if (act === 'reuse') return this.#reuse();
    if (act === 'stranger') return this.#guess();
    if (act === 'close') return void (await this.#twice(this.#closing()));
    if (act === 'place' || !known) return this.#place();
    if (act === 'read') return void (await this.#visits.ask(this.#reading(known.id)));
    if (act === 'cancel') return void (await this.#twice(this.#canceling(known)));
    return this.#replace(known);
  }

  /** Now and then two at once, as when a client's own retry overtakes its first try: both must get the same answer. */
  async #twice(errand: Errand): Promise<DoorAnswer> {
    this.#asked.push(errand);
    if (this.#prng.chance(0.08)) this.#sim.spawn(() => this.#visits.ask(errand));
    return this.#visits.ask(errand);
  }

  async #repeat(): Promise<void> {
    const errand = this.#prng.any(this.#asked.slice(-20));
    if (errand) await this.#visits.ask(errand);
  }

  /** Another order under the name of an earlier one. */
  async #reuse(): Promise<void> {
    const earlier = this.#prng.any(this.#asked.slice(-20));
    const clientOrderId = earlier?.body?.['client_order_id'];
    if (earlier?.kind !== 'place' || clientOrderId === undefined) return;
    const isRecorded = this.#sim.auditor.log.commandNamed(earlier.name) !== undefined;
    const body = { ...earlier.body, strategy_id: 'another' };
    const name = this.#newName();
    const { status } = await this.#visits.ask({ ...earlier, name, body });
    if (isRecorded && status === 422) this.#sim.tally.count('door: name reused');
    if (isRecorded) this.#sim.auditor.door.demandRefused(name, status);
  }

  /** Somebody who knows the key's id and not its secret. */
  async #guess(): Promise<void> {
    await this.#visits.ask({ ...this.#placing().errand, name: this.#newName(), isStranger: true });
  }

  async #place(): Promise<void> {
    const { errand, symbol, side } = this.#placing();
    this.#learn(await this.#twice(errand), symbol, side);
  }

  async #replace(known: Known): Promise<void> {
    const errand = this.#replacing(known);
    this.#learn(await this.#twice(errand), known.symbol, known.side);
  }

  #learn({ status, body }: DoorAnswer, symbol: string, side: Side): void {
    const { id } = body;
    if (status === 200 && typeof id === 'string') this.#known.push({ id, symbol, side });
  }

  #placing() {
    const prng = this.#prng;
    const { market, now } = this.#sim;
    const symbol = prng.any(prng.chance(0.7) ? market.ours : market.symbols) ?? 'BBB';
    const side: Side = prng.chance(0.6) ? 'buy' : 'sell';
    const instrument = this.#instrument(symbol);
    const name = this.#newName();
    const wished = someTerms(prng, instrument, side, now);
    const isLinked = market.ours.includes(symbol) && prng.chance(0.2);
    const linked = isLinked
      ? someLinked(prng, instrument, { id: name, name, side, requested: wished })
      : { requested: wished };
    const body = placingBody({ symbol, side, ...linked });
    const errand: Errand = {
      kind: 'place',
      name,
      account: this.#account,
      route: 'POST /v2/orders',
      asked: { symbol, side, qty: body['qty'], time_in_force: body['time_in_force'] },
      ...this.#named(name, body),
    };
    return { errand, symbol, side };
  }

  #reading(id: string): Errand {
    return {
      kind: 'read',
      name: this.#newName(),
      account: this.#account,
      route: 'GET /v2/orders/{order_id}',
      path: { order_id: id },
      orderId: id,
    };
  }

  #replacing({ id, symbol, side }: Known): Errand {
    const name = this.#newName();
    return {
      kind: 'replace',
      name,
      account: this.#account,
      route: 'PATCH /v2/orders/{order_id}',
      path: { order_id: id },
      orderId: id,
      ...this.#named(name, replacingBody(someChange(this.#prng, this.#instrument(symbol), side))),
    };
  }

  #canceling({ id }: Known): Errand {
    const name = this.#newName();
    return {
      kind: 'cancel',
      name,
      account: this.#account,
      route: 'DELETE /v2/orders/{order_id}',
      path: { order_id: id },
      orderId: id,
      headers: { 'idempotency-key': name },
    };
  }

  #closing(): Errand {
    const name = this.#newName();
    const symbol = this.#prng.pick(this.#sim.market.symbols);
    return {
      kind: 'close',
      name,
      account: this.#account,
      route: 'DELETE /v2/positions/{symbol_or_asset_id}',
      path: { symbol_or_asset_id: symbol },
      asked: { symbol, side: 'sell' },
      headers: { 'idempotency-key': name },
    };
  }

  /** Either way of making a request one that may be asked again. */
  #named(name: string, body: Errand['body']): Pick<Errand, 'body' | 'headers'> {
    return this.#prng.chance(0.8)
      ? { body: { ...body, client_order_id: name } }
      : { body: { ...body }, headers: { 'idempotency-key': name } };
  }

  #instrument(symbol: string): Instrument {
    const { market } = this.#sim;
    const instrument = market.instrument(symbol) ?? market.instrument('AAA');
    if (!instrument) throw new TypeError('there is an instrument');
    return instrument;
  }

  #newName(): string {
    this.#errands += 1;
    return `${this.#name}-${this.#errands}`;
  }
}
