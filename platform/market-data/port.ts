import type { Deadline } from '../deadline/deadline.ts';
import type { MarketQuote, MarketTrade, MinuteBar } from './market-board.ts';

/** What our own books show of themselves; undefined, or none, where nothing has happened yet or an instrument trades elsewhere. */
export interface MarketData {
  trade(symbol: string, deadline: Deadline): Promise<MarketTrade | undefined>;
  quote(symbol: string, deadline: Deadline): Promise<MarketQuote | undefined>;
  /** By time; the last one may still be under way. */
  bars(symbol: string, deadline: Deadline): Promise<readonly MinuteBar[]>;
}

/** Where there is no market of our own. */
export const noMarketData: MarketData = {
  trade: async () => undefined,
  quote: async () => undefined,
  bars: async () => [],
};
