import { reasons as tradingReasons } from '../../domain/risk/reasons.ts';
import { type AnyReason, apiReasons, entryOf } from '../../functions/api/door/reasons.ts';
import type { Answer, Exchange } from './connection.ts';
import type { Shot } from './shot.ts';
import type { World } from './world.ts';

/** What an answer was, for the summary, and what is wrong with it, if anything. */
export interface Verdict {
  readonly outcome: string;
  readonly fault?: string;
}

/** What Node's own parser answers, before a request is one: no body, and the connection is closed. */
const parserStatuses = [400, 408, 413, 414, 417, 431];

/** Nothing of a process may show: where it lies, what it is made of, where in it something happened. */
const internals =
  /\n\s+at |\.(?:ts|js):\d+|node:|node_modules|\/(?:work|home|root|tmp|usr)\/|SQLITE|ZodError|TypeError|undefined|\[object /;

const headersKnown = new Set([
  'allow',
  'connection',
  'content-length',
  'content-type',
  'date',
  'idempotency-replayed',
  'keep-alive',
  'retry-after',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'x-request-id',
]);

/** What only goes with an answer that is written as it comes. */
const streamHeaders = new Set(['cache-control', 'transfer-encoding', 'x-accel-buffering']);

function isKnown(name: string, headers: Answer['headers']): boolean {
  if (headersKnown.has(name)) return true;
  return streamHeaders.has(name) && headers.get('content-type') === 'text/event-stream';
}

export function judge(shot: Shot, exchange: Exchange, world: World): Verdict {
  if (exchange.ending === 'silent') return { outcome: 'silence', fault: 'no answer came' };
  const [first] = exchange.answers;
  if (!first) {
    return shot.mayClose
      ? { outcome: 'closed' }
      : { outcome: 'closed', fault: 'the connection was closed without an answer' };
  }
  const verdicts = exchange.answers.map((answer) => judgeOne(shot, answer, world));
  return verdicts.find(({ fault }) => fault !== undefined) ?? verdicts[0] ?? { outcome: 'closed' };
}

function judgeOne(shot: Shot, answer: Answer, world: World): Verdict {
  const { status, headers, body } = answer;
  const outcome = String(status);
  const fault = (what: string): Verdict => ({ outcome, fault: `${what}: ${body.slice(0, 300)}` });
  if (isWithoutHost(answer)) return { outcome: '400 parser' };
  const strange = [...headers.keys()].filter((name) => !isKnown(name, headers));
  if (strange.length > 0) return fault(`an answer with header ${strange.join()}`);
  const leak = leaked(shot, answer, world);
  if (leak !== undefined) return fault(`the answer shows ${leak}`);
  if (status >= 500) return fault('the cell failed');
  if (status < 400) return shot.mayPass ? { outcome } : fault('it was let through');
  if (body === '' && !shot.isBodiless) return judgeParser(answer);
  if (shot.isBodiless) return { outcome };
  return judgeRefusal(answer);
}

/** What Node answers to a request without a host, by itself: no body, in no chunks. */
function isWithoutHost({ status, headers, body }: Answer): boolean {
  const isEmpty = headers.get('transfer-encoding') === 'chunked' && body === '0\r\n\r\n';
  return status === 400 && isEmpty && headers.get('connection') === 'close' && headers.size <= 3;
}

function judgeParser({ status, headers }: Answer): Verdict {
  const isParser = parserStatuses.includes(status) && headers.get('connection') === 'close';
  return { outcome: `${status} parser`, ...(!isParser && { fault: 'a refusal without a word' }) };
}

function judgeRefusal({ status, headers, body }: Answer): Verdict {
  const outcome = String(status);
  const fault = (what: string): Verdict => ({ outcome, fault: `${what}: ${body.slice(0, 300)}` });
  if (headers.get('content-type') !== 'application/json') return fault('a refusal that is not JSON');
  if (!/^[\w.:-]{1,64}$/.test(headers.get('x-request-id') ?? '')) return fault('a refusal without an id');
  const said = parsed(body);
  const { code, message, reason, ...details } = said;
  if (typeof reason !== 'string' || !isReason(reason)) return fault('an undocumented reason');
  const { httpStatus, alpacaCode } = entryOf(reason);
  if (httpStatus !== status || alpacaCode !== code) return fault('another status or code than is documented');
  if (typeof message !== 'string' || message === '') return fault('a refusal without a sentence');
  const others = Object.keys(details).filter((name) => !['field', 'limit', 'observed'].includes(name));
  return others.length > 0
    ? fault(`undocumented members ${others.join()}`)
    : { outcome: `${status} ${reason}` };
}

function parsed(body: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(body));
  } catch {
    // Judged by what is missing then.
    return {};
  }
}

function isReason(name: string): name is AnyReason {
  return Object.hasOwn(apiReasons, name) || Object.hasOwn(tradingReasons, name);
}

/** What this caller must not see, whatever they sent. */
function leaked({ key, bytes }: Shot, { body, headers }: Answer, world: World): string | undefined {
  const shown = `${[...headers.values()].join('\n')}\n${body}`;
  const secrets = [world.key('first'), world.key('second'), world.key('administrator')].map(
    (one) => one.secret,
  );
  if (secrets.some((secret) => shown.includes(secret))) return 'a secret';
  const isOperator = key !== undefined && key.role !== 'client';
  const { accountId, orderId, clientOrderId, transferId } = world.theirs;
  const hidden =
    key?.keyId === world.key('second').keyId || isOperator
      ? []
      : [accountId, orderId, clientOrderId, transferId];
  const theirs = hidden.find((one) => shown.includes(one) && !bytes.includes(one));
  if (theirs !== undefined) return `another account's ${theirs}`;
  const inside = internals.exec(shown)?.[0];
  return inside !== undefined && !bytes.includes(inside.trim())
    ? `the inside of the process (${inside.trim()})`
    : undefined;
}
