import { price } from '../values/price.ts';
import type { BookInput } from './book-input.ts';
import type { OrderBook } from './order-book.ts';

type InputOf<Input extends BookInput['input']> = Extract<BookInput, { input: Input }>;

/** Changes the phase of a book, each change once: the trading day that the change is of says whether it came before. */
export class LedByDay {
  readonly #book: OrderBook;
  #day: string | undefined;

  constructor(book: OrderBook, day: string | undefined) {
    this.#book = book;
    this.#day = day;
  }

  get day(): string | undefined {
    return this.#day;
  }

  beginCall({ call, day }: InputOf<'begin-call'>): void {
    const opens = call === 'opening_call';
    if (this.#book.phase !== (opens ? 'closed' : 'continuous')) return;
    if (opens ? this.#isDoneWith(day) : this.#isOfAnother(day)) return;
    this.#day = day ?? this.#day;
    this.#book.beginCall(call);
  }

  uncross({ call, referencePrice, day }: InputOf<'uncross'>): void {
    const { phase, halted } = this.#book;
    const isCall = phase === 'opening_call' || phase === 'closing_call';
    if (!isCall || halted || (call !== undefined && call !== phase) || this.#isOfAnother(day)) return;
    this.#book.endCall(price(referencePrice));
  }

  endDay({ day }: InputOf<'end-day'>): void {
    if (this.#book.phase === 'closed' ? this.#isDoneWith(day) : this.#isPast(day)) return;
    this.#day = day ?? this.#day;
    this.#book.endDay();
  }

  #isOfAnother(day: string | undefined): boolean {
    return day !== undefined && this.#day !== undefined && day !== this.#day;
  }

  /** Asked of a closed book. */
  #isDoneWith(day: string | undefined): boolean {
    return day !== undefined && this.#day !== undefined && day <= this.#day;
  }

  #isPast(day: string | undefined): boolean {
    return day !== undefined && this.#day !== undefined && day < this.#day;
  }
}
