import { decode, encode, encodeTimeSpecToTimestamp, EXT_TIMESTAMP, ExtData } from '@msgpack/msgpack';
import type { RawData } from 'ws';
import { formatTimestamp, type Timestamp } from '../../domain/values/time.ts';

export type Encoding = 'json' | 'msgpack';

/** Undefined: it is neither JSON nor MessagePack. */
export interface Decoded {
  readonly value: unknown;
  readonly encoding: Encoding;
}

/** No message of a client begins with 123 in MessagePack, so a brace is one in JSON, in frames of either kind. */
const brace = 0x7b;

export function decoded(data: RawData, isBinary: boolean): Decoded | undefined {
  const bytes = bytesOf(data);
  try {
    if (!isBinary || bytes[0] === brace) {
      const value: unknown = JSON.parse(bytes.toString('utf8'));
      return { value, encoding: 'json' };
    }
    return { value: decode(bytes), encoding: 'msgpack' };
  } catch {
    // Whatever it was, it is told that it makes no sense.
    return undefined;
  }
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

export function encoded(message: unknown, encoding: Encoding): string | Uint8Array {
  return encoding === 'json' ? JSON.stringify(message) : encode(message, { ignoreUndefined: true });
}

/** MessagePack has moments of its own, to the nanosecond. */
export function timeIn(encoding: Encoding, at: Timestamp): unknown {
  if (encoding === 'json') return formatTimestamp(at);
  const sec = Math.floor(at / 1_000_000);
  return new ExtData(EXT_TIMESTAMP, encodeTimeSpecToTimestamp({ sec, nsec: (at - sec * 1_000_000) * 1_000 }));
}
