import { assert } from './assert.ts';
import type { Brand } from './brand.ts';

/** Opaque identifiers. Where they come from (UUIDv5 of what) is said by who makes them; the rules only compare them. */
export type OrderId = Brand<string, 'OrderId'>;
export type AccountId = Brand<string, 'AccountId'>;
export type ClientOrderId = Brand<string, 'ClientOrderId'>;
export type ExecutionId = Brand<string, 'ExecutionId'>;
export type RequestId = Brand<string, 'RequestId'>;

function nonEmpty(text: string, what: string, longest: number): string {
  assert(text.length > 0 && text.length <= longest, `a ${what} has 1 to ${longest} characters`);
  return text;
}

export const orderId = (text: string): OrderId => nonEmpty(text, 'order id', 64) as OrderId;
export const accountId = (text: string): AccountId => nonEmpty(text, 'account id', 64) as AccountId;
export const clientOrderId = (text: string): ClientOrderId =>
  nonEmpty(text, 'client order id', 128) as ClientOrderId;
export const executionId = (text: string): ExecutionId => nonEmpty(text, 'execution id', 128) as ExecutionId;
export const requestId = (text: string): RequestId => nonEmpty(text, 'request id', 128) as RequestId;
