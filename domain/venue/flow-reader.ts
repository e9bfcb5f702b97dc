import type { Side } from '../order/terms.ts';
import { PRICE_MAX } from './bounds.ts';

/** The columns of a recorded order flow, in the order of its header. */
export const flowFields = ['seq', 'type', 'side', 'ioc', 'qty', 'order_id', 'price_ticks'] as const;
export type FlowField = (typeof flowFields)[number];

/** One line of a flow. Only valid until the reader is cleared: its object is used again. */
export interface FlowMessage {
  readonly line: number;
  readonly sequence: number;
  readonly type: 'new' | 'cancel' | 'modify';
  readonly side: Side;
  readonly immediate: boolean;
  readonly quantity: number;
  readonly orderId: number;
  readonly price: number;
}

/** Where a flow is not what it should be. */
export interface FlowFault {
  readonly line: number;
  readonly field: FlowField | 'header';
  readonly problem: string;
}

class PooledMessage implements FlowMessage {
  line = 0;
  sequence = 0;
  type: FlowMessage['type'] = 'new';
  side: Side = 'buy';
  immediate = false;
  quantity = 0;
  orderId = 0;
  price = 0;
}

const NEWLINE = 10;
const RETURN = 13;
const COMMA = 44;
const ZERO = 48;
const LINE_BYTES_MAX = 512;

/**
 * Reads a flow from its bytes, however they are cut into chunks. After each `feed` the whole lines are in `at(0)` to
 * `at(count - 1)`; the first fault stays and ends the reading.
 */
export class FlowReader {
  count = 0;
  fault: FlowFault | undefined = undefined;
  readonly #messages: PooledMessage[] = [];
  readonly #rest = new Uint8Array(LINE_BYTES_MAX);
  #restLength = 0;
  #line = 0;
  #lastSequence = -1;
  #bytes: Uint8Array = this.#rest;
  #at = 0;
  #end = 0;

  at(index: number): FlowMessage | undefined {
    return index < this.count ? this.#messages[index] : undefined;
  }

  clear(): void {
    this.count = 0;
  }

  feed(chunk: Uint8Array): void {
    let start = 0;
    while (this.fault === undefined) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end === -1) break;
      if (this.#restLength === 0) this.#readLine(chunk, start, end);
      else if (this.#keep(chunk.subarray(start, end))) this.#readRest();
      start = end + 1;
    }
    if (this.fault === undefined) this.#keep(chunk.subarray(start));
  }

  /** The last line may lack its newline. */
  end(): void {
    if (this.fault === undefined && this.#restLength > 0) this.#readRest();
    if (this.#line === 0) this.fault = { line: 1, field: 'header', problem: 'the file is empty' };
  }

  #readRest(): void {
    const length = this.#restLength;
    this.#restLength = 0;
    this.#readLine(this.#rest, 0, length);
  }

  #keep(part: Uint8Array): boolean {
    if (this.#restLength + part.length > LINE_BYTES_MAX) {
      this.#line += 1;
      return this.#fail(
        this.#line === 1 ? 'header' : 'seq',
        `the line has more than ${LINE_BYTES_MAX} bytes`,
      );
    }
    this.#rest.set(part, this.#restLength);
    this.#restLength += part.length;
    return true;
  }

  #readLine(bytes: Uint8Array, start: number, end: number): void {
    this.#line += 1;
    this.#bytes = bytes;
    this.#at = start;
    this.#end = bytes[end - 1] === RETURN && end > start ? end - 1 : end;
    if (this.#line === 1) this.#readHeader();
    else if (this.#readMessage(this.#messages[this.count] ?? this.#extend())) this.count += 1;
  }

  #readHeader(): void {
    const found = text(this.#bytes, this.#at, this.#end);
    const expected = flowFields.join(',');
    if (found !== expected) this.#fail('header', `expected ${expected}, found ${quoted(found)}`);
  }

  #readMessage(message: PooledMessage): boolean {
    message.line = this.#line;
    const complete =
      this.#readSequence(message) &&
      this.#readType(message) &&
      this.#readSide(message) &&
      this.#readImmediate(message) &&
      this.#readQuantity(message) &&
      this.#readOrderId(message) &&
      this.#readPrice(message);
    if (!complete) return false;
    return this.#at > this.#end || this.#fail('price_ticks', 'more fields follow than the header names');
  }

  #readSequence(message: PooledMessage): boolean {
    const sequence = this.#number('seq', Number.MAX_SAFE_INTEGER);
    if (sequence === -1) return false;
    if (sequence <= this.#lastSequence)
      return this.#fail('seq', `${sequence} does not follow ${this.#lastSequence}`);
    this.#lastSequence = sequence;
    message.sequence = sequence;
    return true;
  }

  #readType(message: PooledMessage): boolean {
    const letter = this.#letter('type', 'NCM');
    message.type = letter === 'N' ? 'new' : letter === 'C' ? 'cancel' : 'modify';
    return letter !== '';
  }

  #readSide(message: PooledMessage): boolean {
    const letter = this.#letter('side', 'BS');
    message.side = letter === 'B' ? 'buy' : 'sell';
    return letter !== '';
  }

  #readImmediate(message: PooledMessage): boolean {
    const letter = this.#letter('ioc', '01');
    message.immediate = letter === '1';
    return letter !== '';
  }

  #readQuantity(message: PooledMessage): boolean {
    message.quantity = this.#number('qty', Number.MAX_SAFE_INTEGER);
    if (message.quantity === 0 && message.type !== 'cancel')
      return this.#fail('qty', 'an order needs a quantity');
    return message.quantity !== -1;
  }

  #readOrderId(message: PooledMessage): boolean {
    message.orderId = this.#number('order_id', Number.MAX_SAFE_INTEGER);
    return message.orderId !== -1;
  }

  #readPrice(message: PooledMessage): boolean {
    message.price = this.#number('price_ticks', PRICE_MAX);
    return message.price !== -1;
  }

  /** One of the letters, or nothing after a fault. */
  #letter(field: FlowField, letters: string): string {
    const at = this.#at;
    const letter = String.fromCharCode(at < this.#end ? (this.#bytes[at] ?? 0) : 0);
    const alone = at + 1 >= this.#end || this.#bytes[at + 1] === COMMA;
    if (!alone || !letters.includes(letter)) {
      this.#fail(
        field,
        `expected one of ${letters.split('').join(', ')}, found ${quoted(this.#fieldText())}`,
      );
      return '';
    }
    this.#at = at + 2;
    return letter;
  }

  /** A whole number from 0 to `most`, or -1 after a fault. */
  #number(field: FlowField, most: number): number {
    const bytes = this.#bytes;
    const start = this.#at;
    let at = start;
    let value = 0;
    for (; at < this.#end; at += 1) {
      const digit = (bytes[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === start || (at < this.#end && bytes[at] !== COMMA)) {
      this.#fail(field, `expected a whole number, found ${quoted(this.#fieldText())}`);
      return -1;
    }
    if (value > most) {
      this.#fail(field, `${this.#fieldText()} is above ${most}`);
      return -1;
    }
    this.#at = at + 1;
    return value;
  }

  #fieldText(): string {
    let end = this.#at;
    while (end < this.#end && this.#bytes[end] !== COMMA) end += 1;
    return text(this.#bytes, this.#at, end);
  }

  #fail(field: FlowFault['field'], problem: string): boolean {
    this.fault = { line: this.#line, field, problem };
    return false;
  }

  #extend(): PooledMessage {
    const message = new PooledMessage();
    this.#messages.push(message);
    return message;
  }
}

function text(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}

function quoted(found: string): string {
  return found === '' ? 'nothing' : JSON.stringify(found);
}
