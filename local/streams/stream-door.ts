import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { deadlineIn, defaultCallMs } from '../../platform/deadline/deadline.ts';
import type { Dependencies } from '../../functions/dependencies.ts';
import { splitTarget } from '../payload.ts';
import type { Encoding } from './codec.ts';
import { Connection } from './connection.ts';
import type { Session } from './session.ts';
import type { StreamLimits } from './stream-limits.ts';

export interface StreamDoorOptions {
  readonly dependencies: Pick<Dependencies, 'clock' | 'random' | 'keys' | 'telemetry'>;
  readonly limits: StreamLimits;
  /** One stream failed, and was ended. */
  readonly onFailed: (error: unknown) => void;
  /** A look at all of them failed; the next one is another try. */
  readonly onUnattended: (error: unknown) => void;
  /** What a connection to the path is for; undefined: nothing is there. */
  readonly sessionAt: (path: string) => ((connection: Connection) => Session) | undefined;
}

interface Open {
  readonly connection: Connection;
  readonly session: Session;
}

/** Takes WebSockets in, keeps them to their limits, and looks after them: who has vanished, and whose key is no longer in force. */
export class StreamDoor {
  readonly #options: StreamDoorOptions;
  readonly #sockets: WebSocketServer;
  readonly #open = new Map<Connection, Open>();
  #timer: NodeJS.Timeout | undefined;
  #attending: Promise<void> = Promise.resolve();
  #isStopping = false;

  constructor(options: StreamDoorOptions) {
    this.#options = options;
    // oxlint-disable-next-line ordercell/no-unbounded-call -- calls nobody: it does the handshake of those who call.
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.limits.messageBytes,
    });
  }

  start(): void {
    const round = () => {
      this.#attending = this.#attend().catch(this.#options.onUnattended);
    };
    this.#timer = setInterval(round, this.#options.limits.pingMs);
    this.#timer.unref();
  }

  /** Everybody is told. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#timer);
    await this.#attending;
    for (const connection of this.#open.keys()) connection.drop('stopping');
  }

  /** A request that wants to go on as a WebSocket. */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const refuse = (status: string) =>
      socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
    // Whoever breaks off before the handshake is done is nobody's concern.
    socket.on('error', () => socket.destroy());
    const sessionOf = this.#options.sessionAt(splitTarget(request.url ?? '/').rawPath);
    if (!sessionOf) refuse('404 Not Found');
    else if (this.#isStopping || this.#open.size >= this.#options.limits.connections)
      refuse('503 Service Unavailable');
    else
      this.#sockets.handleUpgrade(request, socket, head, (accepted) =>
        this.#accept(accepted, request, sessionOf),
      );
  };

  #accept(socket: WebSocket, request: IncomingMessage, sessionOf: (connection: Connection) => Session): void {
    const { dependencies, limits } = this.#options;
    const { clock, random, telemetry } = dependencies;
    const connection = new Connection({
      id: random.id(),
      address: request.socket.remoteAddress ?? '',
      socket,
      limits,
      encoding: encodingAsked(request),
      nowMs: () => clock.monotonicMs(),
      onDropped: (reason) => telemetry.metrics.counter('streams_dropped', { reason }).add(),
    });
    const session = sessionOf(connection);
    connection.saying((reason) => session.farewell(reason));
    this.#open.set(connection, { connection, session });
    this.#dropUnlessAuthenticated(connection, session);
    let work = session.begin().catch(this.#failed(connection));
    socket.on('message', (data, isBinary) => {
      const message = connection.read(data, isBinary);
      // One after the other, and never more of them than the limit of messages lets in.
      if (message) work = work.then(() => session.take(message.value)).catch(this.#failed(connection));
    });
    connection.ended.addEventListener('abort', () => {
      this.#open.delete(connection);
      session.end();
    });
  }

  #dropUnlessAuthenticated(connection: Connection, session: Session): void {
    const timer = setTimeout(() => {
      if (session.keyId === undefined) connection.drop('not-authenticated');
    }, this.#options.limits.authenticateMs);
    connection.ended.addEventListener('abort', () => clearTimeout(timer));
  }

  #failed(connection: Connection): (error: unknown) => void {
    return (error) => {
      this.#options.onFailed(error);
      connection.drop('failed');
    };
  }

  async #attend(): Promise<void> {
    for (const { connection } of this.#open.values()) connection.ping();
    const byKey = Map.groupBy(this.#open.values(), ({ session }) => session.keyId);
    for (const [keyId, streams] of byKey) {
      if (keyId === undefined || (await this.#isInForce(keyId))) continue;
      for (const { connection } of streams) connection.drop('key-revoked');
    }
  }

  async #isInForce(keyId: string): Promise<boolean> {
    const { keys, clock } = this.#options.dependencies;
    return keys.isInForce(keyId, deadlineIn(defaultCallMs, clock));
  }
}

/** As Alpaca's clients of market data say it. */
function encodingAsked({ headers }: IncomingMessage): Encoding {
  return headers['content-type'] === 'application/msgpack' ? 'msgpack' : 'json';
}
