import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

export class PortInUse extends Error {
  override readonly name = 'PortInUse';
}

/** Nobody can listen on that address, or not this user on that port. */
export class AddressUnusable extends Error {
  override readonly name = 'AddressUnusable';
}

/** Port 0: any free one. Throws `PortInUse`, `AddressUnusable`. */
export async function listening(server: Server, port: number, host: string): Promise<AddressInfo> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw explained(error, port, host);
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a TCP server has an address');
  return address;
}

/** Finds out whether one could, and lets go of it again. Throws as `listening` does. */
export async function checkListening(port: number, host: string): Promise<void> {
  const server = createServer();
  // Whoever connects just now would keep it from closing.
  server.maxConnections = 0;
  await listening(server, port, host);
  const closed = once(server, 'close');
  server.close();
  await closed;
}

function explained(cause: unknown, port: number, host: string): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return new PortInUse(`port ${port} is in use; choose another with --port`, { cause });
    case 'EACCES':
      return new AddressUnusable(`this user may not listen on port ${port}; choose another with --port`, {
        cause,
      });
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new AddressUnusable(`${host} is no address of this machine; choose another with --host`, {
        cause,
      });
    default:
      return cause;
  }
}
