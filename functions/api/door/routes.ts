import type { Ground } from '../../dependencies.ts';
import type { RouteKey } from '../../manifest.ts';
import { type Caller, isOperating, isTrading, type OperatorCaller, type TradingCaller } from './caller.ts';
import type { Reply } from './reply.ts';
import type { ApiRequest } from './request.ts';

/** A request as it comes through the door: without a caller where the route is for anybody. */
export type AdmittedRequest = Omit<ApiRequest, 'caller'> & { readonly caller: Caller | undefined };

/** What a route does with a request. Which callers get there is the manifest's word, see `Access`. */
export type RouteHandler = (request: AdmittedRequest) => Promise<Reply>;

/** The routes of one function, by the keys the manifest gives them. */
export type Routes = Readonly<Partial<Record<RouteKey, RouteHandler>>>;

/** One Lambda function as it is written: from what it needs to what it does. */
export type ApiFunction<Needs extends Ground = Ground> = (dependencies: Needs) => Routes;

/** For a route that needs no key. */
export function anybody(handle: (request: AdmittedRequest) => Promise<Reply>): RouteHandler {
  return handle;
}

/** For a route of trading keys. The door has checked the caller; the type is told. */
export function trading(handle: (request: ApiRequest<TradingCaller>) => Promise<Reply>): RouteHandler {
  return async (request) => {
    const { caller } = request;
    if (!caller || !isTrading(caller)) throw new TypeError('a trading route was reached by an operator');
    return handle({ ...request, caller });
  };
}

/** For a route of operators. */
export function operating(handle: (request: ApiRequest<OperatorCaller>) => Promise<Reply>): RouteHandler {
  return async (request) => {
    const { caller } = request;
    if (!caller || !isOperating(caller))
      throw new TypeError('an operator route was reached by a trading key');
    return handle({ ...request, caller });
  };
}
