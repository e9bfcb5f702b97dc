import { FeedWakes } from '../../platform/account-feed/feed-wakes.ts';
import type { Dependencies, Door, Reaching } from '../dependencies.ts';
import { eventFrames, type Frames } from '../streams/event-frames.ts';
import { parse } from './door/fields.ts';
import { refused, type Reply, streamed } from './door/reply.ts';
import { type ApiRequest, header, query } from './door/request.ts';
import { type ApiFunction, trading } from './door/routes.ts';
import type { TradingCaller } from './door/caller.ts';
import { eventIdPattern, tradeEventsQuery } from './shapes/trade-event-query.ts';

type Needs = Reaching<'accountFeed' | 'streamSlots'> & Pick<Door, 'keys'>;

/** What happens to an account's orders, as server-sent events that a client can resume. */
export const tradeEvents: ApiFunction<Needs> = (dependencies) => {
  const wakes = new FeedWakes(dependencies.accountFeed);
  return {
    'GET /v2/events/trades': trading(async (request) => {
      const frames = await framesFor(request, dependencies);
      if ('refusal' in frames) return frames.refusal;
      const { keyId } = request.caller;
      const giveBack = dependencies.streamSlots.take(keyId, 'trade_events');
      if (!giveBack) return refused('too_many_streams');
      return streamed('text/event-stream', (signal) =>
        eventFrames({ ...dependencies, wakes }, { ...frames, keyId, giveBack, signal }),
      );
    }),
  };
};

type Asked = Pick<Frames, 'accountId' | 'after' | 'until' | 'untilId'>;

async function framesFor(
  request: ApiRequest<TradingCaller>,
  { accountFeed }: Pick<Dependencies, 'accountFeed'>,
): Promise<Asked | { readonly refusal: Reply }> {
  const parsed = parse(tradeEventsQuery, query(request));
  if ('refusal' in parsed) return parsed;
  const { since, until, since_id: sinceId, until_id: untilId } = parsed.value;
  const { accountId } = request.caller;
  const end = { ...(until !== undefined && { until }), ...(untilId !== undefined && { untilId }) };
  const lastId = header(request.raw, 'last-event-id');
  if (lastId !== undefined && !eventIdPattern.test(lastId))
    return {
      refusal: refused('headers_malformed', {
        field: 'Last-Event-ID',
        hint: 'the id of an event of this stream',
      }),
    };
  // Whoever reconnects repeats the query of their first request: the header knows more.
  if (lastId !== undefined) return { accountId, after: Number(lastId), ...end };
  if (sinceId !== undefined) return { accountId, after: sinceId, ...end };
  const after =
    since === undefined
      ? await accountFeed.latest(accountId, request.deadline)
      : await accountFeed.numberBefore(accountId, since, request.deadline);
  return { accountId, after, ...end };
}
