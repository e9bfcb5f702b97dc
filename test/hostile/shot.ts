import type { DemoKey } from '../../local/demo.ts';
import type { Prng } from '../simulation/prng.ts';
import type { World } from './world.ts';

/** One hostile thing to do to the cell: what goes over the wire, and which endings are all right. */
export interface Shot {
  /** For people who look at what went wrong. */
  readonly what: string;
  readonly bytes: Buffer;
  /** Answers it can get; more than one where requests are sent ahead. 0: it is dropped half-way. */
  readonly answers: number;
  /** An ordinary answer is right: what is odd about the request has no meaning here. */
  readonly mayPass: boolean;
  /** The connection may be closed without a word. */
  readonly mayClose: boolean;
  /** Answers have no body, as to HEAD. */
  readonly isBodiless: boolean;
  readonly key: DemoKey | undefined;
}

/** Makes one shot of its class, another one each time. */
export type Gun = (random: Prng, world: World) => Shot;

export interface Request {
  readonly key?: DemoKey | undefined;
  /** Sent as they are: a name may come twice, or be none. */
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string | Buffer;
  /** False: `headers` say how long the body is, or nobody does. */
  readonly measured?: boolean;
}

/** A request as bytes; nothing in it is checked or escaped. Latin-1, so that every byte can be said. */
export function bytesOf(
  line: string,
  { key, headers = [], body = '', measured = true }: Request = {},
): Buffer {
  const content = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
  const lines = [
    `${line} HTTP/1.1`,
    'host: cell',
    ...(key ? [`apca-api-key-id: ${key.keyId}`, `apca-api-secret-key: ${key.secret}`] : []),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(measured && content.length > 0 ? [`content-length: ${content.length}`] : []),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), content]);
}

type Endings = Partial<Pick<Shot, 'answers' | 'mayPass' | 'mayClose' | 'isBodiless'>>;

export function shot(line: string, request: Request = {}, endings: Endings = {}): Shot {
  const { key } = request;
  return {
    what: `${line} ${typeof request.body === 'string' ? request.body.slice(0, 120) : ''}`.trim(),
    bytes: bytesOf(line, request),
    answers: 1,
    mayPass: false,
    mayClose: false,
    isBodiless: false,
    key,
    ...endings,
  };
}

/** An order that goes through as it is, as JSON with some of it replaced. */
export function orderWith(changes: Readonly<Record<string, unknown>>): string {
  const order = {
    symbol: 'ALFA',
    qty: '1',
    side: 'buy',
    type: 'limit',
    limit_price: '99',
    time_in_force: 'day',
  };
  return JSON.stringify({ ...order, ...changes });
}

export const order = (body: string | Buffer, key: DemoKey | undefined, endings: Endings = {}): Shot =>
  shot('POST /v2/orders', { key, body }, endings);
