import { type Deadline, remainingMs } from '../deadline/deadline.ts';
import type { SocketRegister, Sockets, WatchedSocket } from '../sockets/port.ts';
import { cancelForDisconnected, causeOfEnd, type DisconnectedParts } from './cancel-on-disconnect.ts';

export interface LostConnectionsParts extends DisconnectedParts {
  readonly sockets: Pick<Sockets, 'isThere'>;
  readonly register: Pick<SocketRegister, 'watched' | 'missed' | 'left' | 'ofAccount' | 'closed'>;
}

export interface LostConnectionsReport {
  readonly looked: number;
  /** Not there for the first time. */
  readonly missed: number;
  /** Their end was dealt with, as if it had been told of. */
  readonly ended: number;
  /** They are looked at again. */
  readonly failures: readonly LostConnectionFailure[];
}

export interface LostConnectionFailure {
  readonly accountId: string;
  readonly connectionId: string;
  readonly failed: unknown;
}

type Found = 'there' | 'missed' | 'ended' | 'not-done';

const atOnce = 16;
/** What is left of a pass is kept for saying what it did. */
const reserveMs = 1_000;

/**
 * Finds connections that are gone though nobody dealt with their end: whoever holds them did not tell of it, or who was told died over it.
 * Looks only for those whose accounts want their orders canceled then. A connection that is not there is dealt with when it is not
 * there in the next pass either: by then its grace is over, who was told of its end is done with it, and the lists have its last order.
 */
export class LostConnections {
  readonly #parts: LostConnectionsParts;

  constructor(parts: LostConnectionsParts) {
    this.#parts = parts;
  }

  /** One pass, until the deadline; what it did not come to is looked at by the next. Throws what reading the register throws. */
  async pass(deadline: Deadline): Promise<LostConnectionsReport> {
    const report = { looked: 0, missed: 0, ended: 0, failures: new Array<LostConnectionFailure>() };
    for await (const sockets of inGroups(this.#parts.register.watched(deadline))) {
      for (const found of await Promise.all(sockets.map((socket) => this.#attempt(socket, deadline)))) {
        report.looked += 1;
        if (typeof found === 'object') report.failures.push(found);
        else if (found === 'missed' || found === 'ended') report[found] += 1;
      }
      if (remainingMs(deadline, this.#parts.clock) <= reserveMs) break;
    }
    return report;
  }

  /** One that fails keeps no other waiting. */
  async #attempt(socket: WatchedSocket, deadline: Deadline): Promise<Found | LostConnectionFailure> {
    try {
      return await this.#look(socket, deadline);
    } catch (failed) {
      return { accountId: socket.accountId, connectionId: socket.connectionId, failed };
    }
  }

  async #look(socket: WatchedSocket, deadline: Deadline): Promise<Found> {
    const { sockets, register } = this.#parts;
    const { accountId, connectionId, isMissed } = socket;
    if (await sockets.isThere(connectionId, deadline)) return 'there';
    if (!isMissed) {
      await register.missed(socket, deadline);
      return 'missed';
    }
    await register.left(socket, deadline);
    if ((await register.ofAccount(accountId, deadline)).length === 0) {
      const lost = { accountId, cause: causeOfEnd(connectionId) };
      const { outcome } = await cancelForDisconnected(this.#parts, lost, deadline);
      if (outcome === 'not-done') return 'not-done';
    }
    await register.closed(socket, deadline);
    return 'ended';
  }
}

async function* inGroups(sockets: AsyncIterable<WatchedSocket>): AsyncGenerator<readonly WatchedSocket[]> {
  let group: WatchedSocket[] = [];
  for await (const socket of sockets) {
    group.push(socket);
    if (group.length < atOnce) continue;
    yield group;
    group = [];
  }
  yield group;
}
