import type { TransferEvent } from '../../../domain/transfer/events.ts';
import { demand } from '../law.ts';
import { Ledger, type Posting } from './ledger.ts';

interface Subject {
  readonly account: string;
  readonly currency: string | undefined;
  readonly symbol: string | undefined;
  /** Into the account, negative when out of it. */
  readonly amount: number;
}

/** One transfer: what it was to move, and what it did. */
export class TransferModel {
  subject: Subject | undefined;
  #status = 'none';
  readonly #moved = new Ledger();

  apply(event: TransferEvent, posting: Posting): void {
    if (event.type === 'TransferRequested') {
      const { asset, direction, accountId } = event.data;
      const amount = asset.kind === 'cash' ? asset.amount : asset.quantity;
      this.subject = {
        account: accountId,
        currency: asset.kind === 'cash' ? asset.currency : undefined,
        symbol: asset.kind === 'shares' ? asset.contract.symbol : undefined,
        amount: direction === 'in' ? amount : -amount,
      };
    }
    if (event.type !== 'TransferChangeRefused') this.#status = event.type;
    this.#moved.add(posting.cash);
    this.#moved.add(posting.shares);
  }

  check(where: string): void {
    const amount = this.subject?.amount ?? 0;
    const hasMoved = this.#status === 'TransferCompleted';
    const isHeld = this.#status === 'TransferRequested' && amount < 0;
    const external = -this.#moved.of('external');
    const held = this.#moved.of('held');
    demand(
      external === (hasMoved ? amount : 0) && held === (isHeld ? -amount : 0),
      'a transfer moves what it says, once',
      () => `${where} ${this.#status} of ${amount}: ${external} moved, ${held} held`,
    );
  }
}
