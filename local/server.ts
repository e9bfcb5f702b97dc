import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { prometheusContentType } from '../platform/telemetry/prometheus-text.ts';
import { type Answered, ok, refused, type Reply, toResult } from '../functions/api/door/reply.ts';
import type { AnyReason } from '../functions/api/door/reasons.ts';
import type { LambdaHandler } from '../functions/api/door/wrap.ts';
import { lambdaContext } from './lambda-context.ts';
import { listening } from './listening.ts';
import { payload, splitTarget } from './payload.ts';
import { bodyOf } from './request-body.ts';
import { StreamedBodies } from './streamed-bodies.ts';
import type { Router } from './router.ts';

/** The bounds of the embedded cell's door. */
export const serverLimits = {
  bodyBytes: 1024 * 1024,
  /** Requests in work; one more is told to come back. */
  inWork: 2_000,
  connections: 10_000,
  headerBytes: 16 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 65_000,
  /** How long a stop waits for what is in work. */
  drainMs: 10_000,
} as const;

export interface LocalServerOptions {
  readonly router: Router<LambdaHandler>;
  /** Why the cell cannot take orders right now, for `/readyz`; undefined: it can. */
  readonly notReady: () => Promise<AnyReason | undefined>;
  /** What stands still although orders are taken, for `/readyz`. */
  readonly standingStill: () => readonly string[];
  readonly onUnexpected: (error: unknown) => void;
  /** What `/metrics` says, to who asks from this machine. */
  readonly metricsText: () => Promise<string>;
  /** Told of answers that never reach a function: those count themselves. */
  readonly onTurnedAway: (status: number, reason: AnyReason) => void;
  /** Who takes requests to go on as a WebSocket; absent: nobody does. */
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Told of a reader of a streaming answer who took nothing for too long, and was let go. */
  readonly onStalled?: () => void;
  /** Ids for answers that never reach a function. */
  readonly correlationId: () => string;
}

/** Turns HTTP into the calls Lambda would make. Knows nothing of what the functions do. */
export class LocalServer {
  readonly #options: LocalServerOptions;
  readonly #server: Server;
  readonly #bodies: StreamedBodies;
  #inWork = 0;
  #isStopping = false;

  constructor(options: LocalServerOptions) {
    this.#options = options;
    const { headerBytes, headersMs, requestMs, keepAliveMs, connections } = serverLimits;
    this.#server = createServer(
      {
        maxHeaderSize: headerBytes,
        headersTimeout: headersMs,
        requestTimeout: requestMs,
        keepAliveTimeout: keepAliveMs,
        noDelay: true,
      },
      (request, response) => this.#take(request, response),
    );
    // An expectation nobody has heard of is ignored, as HTTP allows; Node would refuse it in words of its own.
    this.#server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
      this.#take(request, response),
    );
    this.#server.maxConnections = connections;
    const { upgrade, onUnexpected, onStalled } = options;
    if (upgrade) this.#server.on('upgrade', upgrade);
    this.#bodies = new StreamedBodies({ onUnexpected, ...(onStalled && { onStalled }) });
  }

  /** Port 0: any free one. Throws `PortInUse`, `AddressUnusable`. */
  listen(port: number, host: string): Promise<AddressInfo> {
    return listening(this.#server, port, host);
  }

  /** Takes nothing new, finishes what is in work, at most for a while. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#bodies.stop();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => this.#server.closeAllConnections(), serverLimits.drainMs);
    await closed;
    clearTimeout(timer);
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    if (this.#inWork >= serverLimits.inWork) {
      request.resume();
      const answer = this.#refusal('too_many_requests');
      return send(response, { ...answer, headers: { ...answer.headers, 'retry-after': '1' } });
    }
    this.#inWork += 1;
    this.#answer(request)
      .catch((error: unknown) => {
        if (!request.destroyed) this.#options.onUnexpected(error);
        return this.#refusal('internal_error');
      })
      .then((answer) => {
        // Whoever reads this connection next must not wait on it while we stop.
        if (this.#isStopping) response.setHeader('connection', 'close');
        return this.#send(request, response, answer);
      })
      .finally(() => {
        this.#inWork -= 1;
      })
      .catch(this.#options.onUnexpected);
  }

  #send({ method }: IncomingMessage, response: ServerResponse, answer: Answered): void {
    const { chunks, statusCode = 200, headers = {} } = answer;
    if (!chunks) return send(response, answer);
    // The connection ends with the answer: how long that is nobody knows.
    response.writeHead(statusCode, { ...headers, connection: 'close' });
    this.#bodies.begin(response, chunks, method === 'HEAD');
  }

  async #answer(request: IncomingMessage): Promise<Answered> {
    const { router } = this.#options;
    const { rawPath } = splitTarget(request.url ?? '/');
    const method = askedFor(request);
    const found = router.find(method, rawPath);
    if (!found) return (await this.#forOperators(request, method, rawPath)) ?? this.#refusal('not_found');
    if ('allow' in found) return this.#notAllowed(found.allow);
    const body = await bodyOf(request, serverLimits.bodyBytes);
    if (body === undefined) return closing(this.#refusal('body_too_large'));
    return found.target(payload(request, found.match, body), lambdaContext());
  }

  async #forOperators(request: IncomingMessage, method: string, path: string): Promise<Answered | undefined> {
    if (path !== '/healthz' && path !== '/readyz' && path !== '/metrics') return undefined;
    if (method !== 'GET') return this.#notAllowed(['GET']);
    if (path === '/metrics') return this.#metrics(request);
    if (path === '/healthz') return toResult(ok({ status: 'ok' }), this.#options.correlationId());
    const reason = this.#isStopping ? 'temporarily_unavailable' : await this.#options.notReady();
    const reply = reason === undefined ? ready(this.#options.standingStill()) : notReady(reason);
    return toResult(reply, this.#options.correlationId());
  }

  /** How busy a cell is and what is wrong with it is not for everybody; no key is needed where one would lie beside the cell. */
  async #metrics({ socket }: IncomingMessage): Promise<Answered> {
    if (!isLoopback(socket.remoteAddress)) return this.#refusal('not_permitted');
    const body = await this.#options.metricsText();
    return { statusCode: 200, headers: { 'content-type': prometheusContentType }, body };
  }

  get inWork(): number {
    return this.#inWork;
  }

  connections(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
    });
  }

  #notAllowed(allowed: readonly string[]): Answered {
    const answer = this.#refusal('method_not_allowed');
    const allow = allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    return { ...answer, headers: { ...answer.headers, allow: allow.join(', ') } };
  }

  #refusal(reason: AnyReason): Answered {
    const reply = refused(reason);
    this.#options.onTurnedAway(reply.status, reason);
    return toResult(reply, this.#options.correlationId());
  }
}

/** Also as an IPv4 address looks on an IPv6 socket. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(address);
}

/** HEAD is answered as GET is; Node leaves the body out. */
function askedFor({ method = 'GET' }: IncomingMessage): string {
  return method === 'HEAD' ? 'GET' : method;
}

function ready(standingStill: readonly string[]): Reply {
  return ok({ status: 'ready', ...(standingStill.length > 0 && { standing_still: standingStill }) });
}

function notReady(reason: AnyReason): Reply {
  return { ...refused(reason), status: 503, body: { status: 'not ready', reason } };
}

/** What the client still sends is not read: the connection cannot be used again. */
function closing(answer: Answered): Answered {
  return { ...answer, headers: { ...answer.headers, connection: 'close' } };
}

function send(response: ServerResponse, { statusCode = 500, headers = {}, body }: Answered): void {
  const text = body ?? '';
  const length = statusCode === 204 ? {} : { 'content-length': Buffer.byteLength(text) };
  response.writeHead(statusCode, { ...headers, ...length });
  response.end(text);
}
