import { FeedWakes } from '../../platform/account-feed/feed-wakes.ts';
import { CancelOnDisconnect, type DisconnectTimes } from '../../platform/cancelling/cancel-on-disconnect.ts';
import type { Dependencies } from '../../functions/dependencies.ts';
import type { Connection } from './connection.ts';
import { MarketSession } from './market-session.ts';
import { StreamDoor } from './stream-door.ts';
import { type StreamLimits, streamLimits } from './stream-limits.ts';
import { TradingSession } from './trading-session.ts';

export interface StreamChoice {
  readonly limits?: Partial<StreamLimits>;
  readonly disconnects?: Partial<DisconnectTimes>;
}

/** Where Alpaca's clients look for market data of stocks. Whichever feed they name, it is that of our own books. */
const marketPath = /^\/v2\/(?:iex|sip|delayed_sip|test)$/;

/** The WebSockets of the cell, and what follows from their ending. Taken down before the server that they came in by. */
export function openStreams(
  dependencies: Dependencies,
  { limits = {}, disconnects = {} }: StreamChoice,
  running: AsyncDisposableStack,
): StreamDoor {
  const { accountFeed, random, telemetry } = dependencies;
  const { log } = telemetry;
  const presence = new CancelOnDisconnect({ ...dependencies, log, times: disconnects });
  running.defer(() => presence.stop());
  const wakes = new FeedWakes(accountFeed);
  running.defer(() => wakes.stop());
  const onFailed = (error: unknown) => log.error('a stream failed and was ended', error);
  const trading = (connection: Connection) =>
    new TradingSession(connection, { dependencies, wakes, presence, onFailed });
  const bounds = { ...streamLimits, ...limits };
  const { marketBoard: board } = dependencies;
  const market =
    board &&
    ((connection: Connection) =>
      new MarketSession(connection, { dependencies, board, waitingMax: bounds.waitingTrades, onFailed }));
  const door = new StreamDoor({
    dependencies,
    limits: bounds,
    onFailed,
    onUnattended: (error) => log.error('the streams could not be looked after; trying again', error),
    sessionAt: (path) => (path === '/stream' ? trading : marketPath.test(path) ? market : undefined),
  });
  presence.begin(random.id());
  door.start();
  return door;
}
