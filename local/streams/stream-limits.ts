/** The bounds of a client's stream. Milliseconds, bytes of one message, and how many. */
export interface StreamLimits {
  /** Connections, whether authenticated or not. */
  readonly connections: number;
  readonly messageBytes: number;
  /** A client may send so many in any second. */
  readonly messagesPerSecond: number;
  /** Until a connection has to have said whose it is. */
  readonly authenticateMs: number;
  /** Until a client has to have taken what it was sent last. */
  readonly writeMs: number;
  /** Between pings, each of which the one before has to have been answered at; and between looks whether keys are in force. */
  readonly pingMs: number;
  /** Between telling a client that it is dropped, and cutting it off. */
  readonly closeMs: number;
  /** Trades that wait for a client of market data. */
  readonly waitingTrades: number;
}

export const streamLimits: StreamLimits = {
  connections: 2_000,
  messageBytes: 16 * 1024,
  messagesPerSecond: 20,
  authenticateMs: 10_000,
  writeMs: 10_000,
  pingMs: 10_000,
  closeMs: 1_000,
  waitingTrades: 1_000,
};
