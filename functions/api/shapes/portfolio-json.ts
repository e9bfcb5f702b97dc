import * as z from 'zod/mini';
import { type Currency, formatMoney, money } from '../../../domain/values/money.ts';
import type { EquityAt } from '../../../platform/account-history/equity.ts';
import type { Windows } from './portfolio-query.ts';

export const portfolioSchema = z
  .strictObject({
    timestamp: z.array(z.int()),
    equity: z.array(z.number()),
    profit_loss: z.array(z.number()),
    profit_loss_pct: z.array(z.number()),
    base_value: z.number(),
    timeframe: z.enum(['1Min', '5Min', '15Min', '1H', '1D']),
  })
  .register(z.globalRegistry, { id: 'PortfolioHistory' });

/** As the Trading API v2 shows it, in JSON numbers. `base`: how things stood when the first window began. */
export function portfolioJson(
  { timeframe, start, stepMicros }: Windows,
  currency: Currency,
  base: EquityAt,
  series: readonly EquityAt[],
): z.infer<typeof portfolioSchema> {
  // oxlint-disable-next-line ordercell/no-float-money -- clients read JSON numbers here: the nearest to the exact text, for display.
  const shown = (minorUnits: number) => Number(formatMoney(money(minorUnits), currency));
  const profits = series.map(({ equity, paidIn }) => {
    const invested = base.equity + paidIn - base.paidIn;
    return { profit: equity - invested, invested };
  });
  return {
    timestamp: series.map((_one, index) => (start + index * stepMicros) / 1_000_000),
    equity: series.map(({ equity }) => shown(equity)),
    profit_loss: profits.map(({ profit }) => shown(profit)),
    profit_loss_pct: profits.map(({ profit, invested }) => ratio(profit, invested)),
    base_value: shown(base.equity),
    timeframe,
  };
}

/** For display: six decimals. */
function ratio(profit: number, invested: number): number {
  return invested === 0 ? 0 : Math.round((profit / invested) * 1e6) / 1e6;
}
