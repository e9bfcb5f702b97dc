import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  /** Lower-case names; of two with one name both, joined by a line break, so that it shows. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** How an exchange ended. `silent`: nothing came in time. */
export interface Exchange {
  readonly answers: readonly Answer[];
  readonly ending: 'answered' | 'closed' | 'silent';
}

const silentMs = 5_000;

/** A client that sends whatever it is told to and reads what comes back with no more than it must know of HTTP. */
export class Connection {
  readonly #port: number;
  #socket: Socket | undefined;
  #received: Buffer[] = [];
  #arrived: () => void = () => undefined;
  #isClosed = true;

  constructor(port: number) {
    this.#port = port;
  }

  /** Writes, and reads so many answers; opens the connection anew when the last exchange closed it. */
  async exchange(bytes: Buffer, answers: number, isBodiless: boolean): Promise<Exchange> {
    const socket = await this.#open();
    this.#received = [];
    socket.write(bytes);
    const read: Answer[] = [];
    let isSilent = false;
    const timer = setTimeout(() => {
      isSilent = true;
      socket.destroy();
    }, silentMs);
    while (read.length < answers) {
      const answer = this.#take(isBodiless);
      if (answer) read.push(answer);
      else if (this.#isClosed) break;
      else await this.#more();
    }
    clearTimeout(timer);
    const last = read.at(-1);
    if (last?.headers.get('connection') === 'close') this.close();
    const ending = read.length === answers ? 'answered' : isSilent ? 'silent' : 'closed';
    return { answers: read, ending };
  }

  /** Writes, and goes away without waiting for anything. */
  async abandon(bytes: Buffer): Promise<void> {
    const socket = await this.#open();
    await new Promise<void>((resolve) => {
      socket.write(bytes, () => resolve());
    });
    this.close();
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  async #open(): Promise<Socket> {
    if (this.#socket && !this.#isClosed) return this.#socket;
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    this.#socket = socket;
    this.#isClosed = false;
    socket.on('data', (chunk: Buffer) => {
      this.#received.push(chunk);
      this.#arrived();
    });
    // A reset is an ending like any other: `close` follows.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (this.#socket === socket) this.#isClosed = true;
      this.#arrived();
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return socket;
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#arrived = resolve;
    });
  }

  /** The next whole answer of what has come; undefined: there is none yet. */
  #take(isBodiless: boolean): Answer | undefined {
    const all = Buffer.concat(this.#received);
    const end = all.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const head = all.subarray(0, end).toString('latin1');
    const status = Number(head.slice(9, 12));
    const headers = headersOf(head);
    const length = isBodiless || status < 200 || status === 204 ? 0 : lengthOf(headers);
    if (length === undefined && !this.#isClosed) return undefined;
    const bodyEnd = length === undefined ? all.length : end + 4 + length;
    if (all.length < bodyEnd) return undefined;
    this.#received = [all.subarray(bodyEnd)];
    // 1xx: the answer is still to come.
    if (status < 200) return this.#take(isBodiless);
    return { status, headers, body: all.subarray(end + 4, bodyEnd).toString('utf8') };
  }
}

function headersOf(head: string): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}\n${value}`);
  }
  return headers;
}

function lengthOf(headers: ReadonlyMap<string, string>): number | undefined {
  const length = headers.get('content-length');
  return length === undefined ? undefined : Number(length);
}
