import { accountStream } from '../../domain/account/state.ts';
import { type Timestamp, timestamp } from '../../domain/values/time.ts';
import { equityAt, type SaidPrice } from '../../platform/account-history/equity.ts';
import { type Move, movesOf } from '../../platform/account-history/moves.ts';
import type { Dependencies, Reaching } from '../dependencies.ts';
import type { TradingCaller } from './door/caller.ts';
import { parse } from './door/fields.ts';
import { ok, type Reply, refused } from './door/reply.ts';
import { type ApiRequest, query } from './door/request.ts';
import { type ApiFunction, trading } from './door/routes.ts';
import { portfolioJson } from './shapes/portfolio-json.ts';
import {
  type PortfolioQuery,
  portfolioQuery,
  windowEnds,
  type Windows,
  windowsMax,
  windowsOf,
} from './shapes/portfolio-query.ts';
import { accountLog, futureRefusal } from './shared/past-account.ts';

type Needs = Reaching<'accounts' | 'prices' | 'views'>;

type Request = ApiRequest<TradingCaller>;

/** How an account's equity came about: from the log, at the reference prices that were in force. */
export const portfolioHistory: ApiFunction<Needs> = (dependencies) => ({
  'GET /v2/account/portfolio/history': trading(async (request) => {
    const parsed = parse(portfolioQuery, query(request));
    if ('refusal' in parsed) return parsed.refusal;
    const windows = windowsOf(parsed.value, dependencies.clock.now());
    return unusable(dependencies, parsed.value, windows) ?? history(dependencies, request, windows);
  }),
});

function unusable(dependencies: Needs, { start }: PortfolioQuery, windows: Windows): Reply | undefined {
  const future = start === undefined ? undefined : futureRefusal(dependencies, 'start', start);
  if (future) return future;
  if (windows.start > windows.end)
    return refused('field_invalid', { field: 'end', hint: 'not before start' });
  const count = Math.ceil((windows.end - windows.start) / windows.stepMicros);
  if (count <= windowsMax) return undefined;
  const hint = `long enough for at most ${windowsMax} of them`;
  return refused('field_invalid', {
    field: 'timeframe',
    hint,
    limit: String(windowsMax),
    observed: String(count),
  });
}

async function history(dependencies: Needs, request: Request, windows: Windows): Promise<Reply> {
  const { caller, deadline } = request;
  const { state } = await dependencies.accounts.load(accountStream(caller.accountId), deadline);
  if (state.kind !== 'account') return refused('account_not_found');
  const read = await accountLog(dependencies, caller.accountId, windows.end, deadline);
  if ('refusal' in read) return read.refusal;
  const moves = movesOf(read.log);
  const prices = await pricesOf(dependencies, moves, windows.end, request);
  // How things stood just before the first window begins.
  const before = timestamp(Math.max(0, windows.start - 1));
  const [base, ...series] = equityAt(state.currency, moves, prices, [before, ...windowEnds(windows)]);
  if (!base) throw new TypeError('equity is worked out for every moment that is asked');
  return ok(portfolioJson(windows, state.currency, base, series));
}

/** The whole price stream of everything the account ever had. */
async function pricesOf(
  { prices }: Pick<Dependencies, 'prices'>,
  moves: readonly Move[],
  until: Timestamp,
  { deadline }: Request,
): Promise<ReadonlyMap<string, readonly SaidPrice[]>> {
  const symbols = new Set(moves.flatMap(({ shares }) => (shares ? [shares.contract.symbol] : [])));
  const said = new Map<string, readonly SaidPrice[]>();
  for (const symbol of symbols) said.set(symbol, await prices.history(symbol, until, deadline));
  return said;
}
