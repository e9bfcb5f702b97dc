import type { Deadline } from '../deadline/deadline.ts';

/** The WebSockets of clients where somebody else holds them open: each is known by a name, and reached through whoever holds it. */
export interface Sockets {
  /** Sends one text. `gone`: the client, or its connection, is not there any more. Throws `SocketsUnavailable`, `SocketsRejected`. */
  say(connectionId: string, text: string, deadline: Deadline): Promise<'said' | 'gone'>;
  /** Asks whoever holds it. Throws `SocketsUnavailable`, `SocketsRejected`. */
  isThere(connectionId: string, deadline: Deadline): Promise<boolean>;
  /** Ends a connection; one that is gone has ended. Throws `SocketsUnavailable`, `SocketsRejected`. */
  end(connectionId: string, deadline: Deadline): Promise<void>;
}

/** Whoever holds the connections did not answer, or not in time: what was said may have arrived. */
export class SocketsUnavailable extends Error {
  override readonly name = 'SocketsUnavailable';
  readonly retryable = true;
}

/** The call was refused as such: a missing right, say. Repeating helps once somebody has put it right. */
export class SocketsRejected extends Error {
  override readonly name = 'SocketsRejected';
  readonly retryable = false;
}

/** An authenticated connection. */
export interface SocketEntry {
  readonly connectionId: string;
  readonly accountId: string;
  readonly keyId: string;
  /** When it was authenticated, in milliseconds since 1970. */
  readonly openedAtMs: number;
  /** Its account wants its orders canceled when it ends, so nobody relies on being told of that: see `LostConnections`. */
  readonly isWatched: boolean;
}

/** One whose end matters. */
export interface WatchedSocket extends SocketEntry {
  /** It was not there when it was looked for before. */
  readonly isMissed: boolean;
}

/** One that listens, and the number of the last entry of its account's feed that it was told. */
export interface SocketListener extends SocketEntry {
  readonly told: number;
}

/** Who is connected, for processes that none of them is connected to. Every method throws what the store throws. */
export interface SocketRegister {
  opened(entry: SocketEntry, deadline: Deadline): Promise<void>;
  find(connectionId: string, deadline: Deadline): Promise<SocketEntry | undefined>;
  /** Authenticated connections of an account; those that must have ended long ago are left out, and forgotten. */
  ofAccount(accountId: string, deadline: Deadline): Promise<readonly SocketEntry[]>;
  /** From now on it is told what comes after `told`. Whoever tells it is woken by this. */
  listens(listener: SocketListener, deadline: Deadline): Promise<void>;
  /** It is told nothing any more, and stays. */
  stopsListening(entry: SocketEntry, deadline: Deadline): Promise<void>;
  listener(entry: SocketEntry, deadline: Deadline): Promise<SocketListener | undefined>;
  listeners(accountId: string, deadline: Deadline): Promise<readonly SocketListener[]>;
  /** It has been told everything up to `told`. False: it does not listen any more, or somebody else told it something meanwhile. */
  hasBeenTold(listener: SocketListener, told: number, deadline: Deadline): Promise<boolean>;
  /** Those whose end matters, also when they have left. */
  watched(deadline: Deadline): AsyncIterable<WatchedSocket>;
  /** It is not there. */
  missed(entry: SocketEntry, deadline: Deadline): Promise<void>;
  /** It counts as connected no more and is told nothing. What its end calls for may be left to do: it is still found, and watched. */
  left(entry: SocketEntry, deadline: Deadline): Promise<void>;
  /** Nothing is left of it. */
  closed(entry: SocketEntry, deadline: Deadline): Promise<void>;
}
