import { connect, type Socket } from 'node:net';

/** One HTTP/1.1 connection with one request at a time: as little of a client as possible, so that the server is what is measured. */
export class Connection {
  readonly #socket: Socket;
  #received = '';
  #answer: ((answer: Answer) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#take(text));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#settle({ status: 0, body: 'the connection was closed' }));
  }

  static async to(port: number): Promise<Connection> {
    const socket = connect({ port, host: '127.0.0.1' });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new Connection(socket);
  }

  /** `answered` gets status 0 when the connection breaks. */
  send(request: string, answered: (answer: Answer) => void): void {
    this.#answer = answered;
    this.#received = '';
    this.#socket.write(request, 'latin1');
  }

  close(): void {
    this.#answer = undefined;
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    const head = this.#received.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(this.#received)?.[1] ?? 0);
    if (this.#received.length < head + 4 + length) return;
    this.#settle({ status: Number(this.#received.slice(9, 12)), body: this.#received.slice(head + 4) });
  }

  #settle(answer: Answer): void {
    const answered = this.#answer;
    this.#answer = undefined;
    answered?.(answer);
  }
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}
