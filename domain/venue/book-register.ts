import { assert } from '../values/assert.ts';
import type { AccountId, OrderId, RequestId } from '../values/ids.ts';
import { eachInSlices, type Slices } from './slices.ts';

/** What a book remembers of an order besides its place in the queue. Mutable, and never handed out of `domain/venue`. */
export interface RegisteredOrder {
  readonly orderId: OrderId;
  /** The book's own number for it (FIX OrderID 37), never used again. */
  readonly number: number;
  readonly account: RegisteredAccount | undefined;
  /** The version of the order's stream at which the last command of it was taken in. */
  version: number;
  cancelId: RequestId | undefined;
  replaceId: RequestId | undefined;
  /** FIX OrderQty (38) as its order knows it. */
  orderQuantity: number;
  isClosed: boolean;
}

interface RegisteredAccount {
  readonly accountId: AccountId;
  readonly number: number;
  orders: number;
}

/** One order as a snapshot keeps it. */
export interface RegisteredRow {
  readonly orderId: OrderId;
  readonly number: number;
  readonly accountId?: AccountId;
  readonly accountNumber?: number;
  readonly version: number;
  readonly cancelId?: RequestId;
  readonly replaceId?: RequestId;
  readonly orderQuantity: number;
  readonly isClosed?: true;
}

/** What the next order and the next account are called. */
export interface RegisterHead {
  readonly lastNumber: number;
  readonly lastAccountNumber: number;
}

/**
 * Which orders a book knows, and up to which command of each. An order that has closed stays known until all it was told is in it; from
 * then on the order itself says what it was told. So the register grows with what the book works, not with what it ever worked.
 */
export class BookRegister {
  readonly #byId = new Map<OrderId, RegisteredOrder>();
  readonly #byNumber = new Map<number, RegisteredOrder>();
  readonly #accounts = new Map<AccountId, RegisteredAccount>();
  #closed: RegisteredOrder[] = [];
  #lastNumber = 0;
  #lastAccountNumber = 0;

  get(orderId: OrderId): Readonly<RegisteredOrder> | undefined {
    return this.#byId.get(orderId);
  }

  get head(): RegisterHead {
    return { lastNumber: this.#lastNumber, lastAccountNumber: this.#lastAccountNumber };
  }

  get size(): number {
    return this.#byId.size;
  }

  numbered(number: number): RegisteredOrder {
    const found = this.#byNumber.get(number);
    assert(found !== undefined, `the book works order ${number}, which nobody has placed`);
    return found;
  }

  /** The book's number of an account that has orders here. */
  accountNumber(accountId: AccountId): number | undefined {
    return this.#accounts.get(accountId)?.number;
  }

  /** Of an order that the book does not know (any more): it gets a number of its own. */
  enter(orderId: OrderId, version: number, accountId?: AccountId): RegisteredOrder {
    assert(!this.#byId.has(orderId), `${orderId} was registered twice`);
    this.#lastNumber += 1;
    const order: RegisteredOrder = {
      orderId,
      number: this.#lastNumber,
      account: accountId === undefined ? undefined : this.#accountOf(accountId),
      version,
      cancelId: undefined,
      replaceId: undefined,
      orderQuantity: 0,
      isClosed: false,
    };
    this.#add(order);
    return order;
  }

  known(orderId: OrderId): RegisteredOrder | undefined {
    return this.#byId.get(orderId);
  }

  close(order: RegisteredOrder): void {
    if (order.isClosed) return;
    order.isClosed = true;
    this.#closed.push(order);
  }

  /** All that closed orders were told is in them by now. */
  forgetClosed(): void {
    for (const order of this.#closed) this.#remove(order);
    this.#closed = [];
  }

  /** In the order in which the book numbered them. */
  *rows(): Generator<RegisteredRow> {
    for (const order of this.#byNumber.values()) yield rowOf(order);
  }

  static *restoring(
    { lastNumber, lastAccountNumber }: RegisterHead,
    rows: Iterable<RegisteredRow>,
  ): Slices<BookRegister> {
    const register = new BookRegister();
    yield* eachInSlices(rows, (row) => register.#putBack(row));
    register.#lastNumber = lastNumber;
    register.#lastAccountNumber = lastAccountNumber;
    return register;
  }

  #putBack(row: RegisteredRow): void {
    const { accountId, accountNumber, cancelId, replaceId, isClosed = false, ...kept } = row;
    const account =
      accountId === undefined || accountNumber === undefined
        ? undefined
        : this.#accountOf(accountId, accountNumber);
    const order: RegisteredOrder = { ...kept, account, cancelId, replaceId, isClosed };
    this.#add(order);
    if (isClosed) this.#closed.push(order);
  }

  #accountOf(accountId: AccountId, number?: number): RegisteredAccount {
    const known = this.#accounts.get(accountId);
    if (!known && number === undefined) this.#lastAccountNumber += 1;
    const account = known ?? { accountId, number: number ?? this.#lastAccountNumber, orders: 0 };
    this.#accounts.set(accountId, account);
    account.orders += 1;
    return account;
  }

  #add(order: RegisteredOrder): void {
    this.#byId.set(order.orderId, order);
    this.#byNumber.set(order.number, order);
  }

  #remove(order: RegisteredOrder): void {
    this.#byId.delete(order.orderId);
    this.#byNumber.delete(order.number);
    const { account } = order;
    if (!account) return;
    account.orders -= 1;
    if (account.orders === 0) this.#accounts.delete(account.accountId);
  }
}

function rowOf(order: RegisteredOrder): RegisteredRow {
  const { orderId, number, account, version, cancelId, replaceId, orderQuantity, isClosed } = order;
  return {
    orderId,
    number,
    ...(account && { accountId: account.accountId, accountNumber: account.number }),
    version,
    ...(cancelId !== undefined && { cancelId }),
    ...(replaceId !== undefined && { replaceId }),
    orderQuantity,
    ...(isClosed && { isClosed }),
  };
}
