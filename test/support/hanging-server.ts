import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as passed } from 'node:timers/promises';
import { join } from 'node:path';

/** How a server can keep a caller waiting without an error. */
export const hangs = [
  'says nothing',
  'stalls in the body',
  'drips a byte a second',
  'never accepts',
] as const;
export type Hang = (typeof hangs)[number];

export interface HangingServer {
  readonly address: string;
  /** Connections that are open on its side. */
  open(): number;
  stop(): Promise<void>;
}

export function hangingServer(hang: Hang): Promise<HangingServer> {
  return hang === 'never accepts' ? neverAccepting() : accepting(hang);
}

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: 1000\r\n\r\n{"';

const answers: Readonly<Record<Exclude<Hang, 'never accepts'>, (socket: Socket) => void>> = {
  'says nothing': () => undefined,
  'stalls in the body': (socket) => void socket.write(head),
  'drips a byte a second': (socket) => {
    socket.write(head);
    const timer = setInterval(() => socket.write('x'), 1_000);
    socket.on('close', () => clearInterval(timer));
  },
};

async function accepting(hang: Exclude<Hang, 'never accepts'>): Promise<HangingServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // A caller that gives up resets the connection: that is what we are here for.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.once('data', () => answers[hang](socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new TypeError('a TCP server has an address');
  return {
    address: `http://127.0.0.1:${bound.port}`,
    open: () => sockets.size,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const connectionsMax = 20;

/** Another process that has stopped in its tracks, its queue of connections full: not even a handshake is answered. */
async function neverAccepting(): Promise<HangingServer> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'never-accepting.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [data]: unknown[] = await once(child.stdout, 'data');
  const port = Number(String(data));
  const sockets: Socket[] = [];
  for (let n = 0; n < connectionsMax; n++) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => socket.destroy());
    sockets.push(socket);
    const isConnected = await Promise.race([once(socket, 'connect').then(() => true), passed(200, false)]);
    if (!isConnected) break;
  }
  return {
    address: `http://127.0.0.1:${port}`,
    open: () => 0,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
