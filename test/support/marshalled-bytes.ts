import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { numberBytes } from '../../platform/event-store/item-size.ts';

/** The size DynamoDB counts for an item of texts and numbers. */
export function marshalledBytes(item: Readonly<Record<string, AttributeValue>>): number {
  let bytes = 0;
  for (const [name, { S, N }] of Object.entries(item)) {
    bytes +=
      Buffer.byteLength(name) + (N === undefined ? Buffer.byteLength(S ?? '') : numberBytes(Number(N)));
  }
  return bytes;
}
