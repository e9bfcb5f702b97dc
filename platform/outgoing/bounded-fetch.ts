import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import * as https from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import type { Clock } from '../clock/clock.ts';
import { DeadlineExceeded, type Deadline, defaultCallMs } from '../deadline/deadline.ts';
import { signalFor } from './signal.ts';

export interface OutgoingRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface OutgoingBounds {
  readonly clock: Clock;
  /** Of this one call, when it is less than the caller has left. */
  readonly ownBoundMs?: number;
  /** Of the answer's body. Default 64 KB. */
  readonly answerBytesMax?: number;
  /** Decides which addresses a name may lead to: the connection goes to what it gives, and nowhere else. */
  readonly lookup?: LookupFunction;
  /** Asked of the address at the other end once it is connected, before anything is sent there. */
  readonly accepts?: (remoteAddress: string) => boolean;
}

export type OutgoingFailure = 'out_of_time' | 'unreachable' | 'answer_too_large' | 'address_forbidden';

export type OutgoingOutcome =
  | {
      readonly outcome: 'answered';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      readonly body: string;
    }
  | { readonly outcome: 'failed'; readonly reason: OutgoingFailure; readonly cause: Error };

const answerBytesDefault = 64 * 1024;
const headerBytesMax = 16 * 1024;

class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
}

class AddressForbidden extends Error {
  override readonly name = 'AddressForbidden';
}

/**
 * One HTTP call that ends by the deadline whatever the other side does, over a connection of its own. A redirect is an answer and not
 * followed: who wants to, asks again under the same deadline, so that the next address is checked like the first. Never throws.
 */
export async function boundedFetch(
  url: URL,
  outgoing: OutgoingRequest,
  deadline: Deadline,
  bounds: OutgoingBounds,
): Promise<OutgoingOutcome> {
  const { clock, ownBoundMs = defaultCallMs, answerBytesMax = answerBytesDefault } = bounds;
  let signal: AbortSignal | undefined;
  try {
    signal = signalFor(deadline, clock, ownBoundMs);
    const answer = await answerTo(url, outgoing, signal, bounds);
    const { statusCode: status = 0, headers } = answer;
    return { outcome: 'answered', status, headers, body: await textOf(answer, answerBytesMax, signal) };
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error));
    return { outcome: 'failed', reason: reasonOf(cause, signal), cause };
  }
}

function reasonOf(cause: Error, signal: AbortSignal | undefined): OutgoingFailure {
  if (cause instanceof AnswerTooLarge) return 'answer_too_large';
  if (cause instanceof AddressForbidden) return 'address_forbidden';
  return cause instanceof DeadlineExceeded || signal?.aborted === true ? 'out_of_time' : 'unreachable';
}

async function answerTo(
  url: URL,
  { method, headers = {}, body }: OutgoingRequest,
  signal: AbortSignal,
  { lookup, accepts }: OutgoingBounds,
): Promise<IncomingMessage> {
  // Imported, it brings Node's own `fetch` with it, which takes longer to load than it does: few calls are without TLS.
  const { request: send } = url.protocol === 'https:' ? https : await import('node:http');
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const options = {
    method,
    headers: { ...headers, ...length },
    signal,
    agent: false,
    maxHeaderSize: headerBytesMax,
  };
  return new Promise((resolve, reject) => {
    const sent = send(url, { ...options, ...(lookup && { lookup }) }, resolve);
    sent.on('error', reject);
    if (accepts) sent.on('socket', (socket) => guard(socket, accepts));
    sent.end(body);
  });
}

/** First of those who wait for the connection: what is to be sent waits for it too. */
function guard(socket: Socket, accepts: (remoteAddress: string) => boolean): void {
  socket.prependOnceListener('connect', () => {
    const { remoteAddress = '' } = socket;
    if (!accepts(remoteAddress))
      socket.destroy(new AddressForbidden(`connected to ${remoteAddress}, which is not to be called`));
  });
}

/** The signal ends the reading as well: a body that drips would otherwise never be too late. */
async function textOf(answer: IncomingMessage, bytesMax: number, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const giveUp = () => answer.destroy(new DeadlineExceeded('the answer did not end in time'));
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    for await (const chunk of answer) {
      const part = Buffer.from(chunk);
      bytes += part.length;
      if (bytes > bytesMax) throw new AnswerTooLarge(`the answer is larger than ${bytesMax} bytes`);
      chunks.push(part);
    }
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
  return Buffer.concat(chunks).toString('utf8');
}
