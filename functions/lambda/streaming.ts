import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { APIGatewayProxyEventV2, StreamifyHandler } from 'aws-lambda';
import type { ApiFunction } from '../api/door/routes.ts';
import type { Door, Reach } from '../dependencies.ts';
import type { HttpFunction } from '../manifest.ts';
import { apiFunction } from './api.ts';
import type { Reached } from './standing.ts';

type StreamedFunction = StreamifyHandler<APIGatewayProxyEventV2, void>;

/** For ending the answer ourselves, at a place a client can go on from. */
const endMs = 1_000;

/**
 * An HTTP function behind a function URL that hands on every part of an answer as it comes. The URL has no routes of its own: what is
 * asked for is its method and path. An answer ends before the function's time does; its reader asks for the rest.
 */
export function streamingFunction<Names extends keyof Reach>(
  entry: HttpFunction,
  open: ApiFunction<Door & Pick<Reach, Names>>,
  reached: Reached<Names>,
): StreamedFunction {
  const handler = apiFunction(entry, open, reached);
  const streamed: StreamedFunction = async (request, response, context) => {
    const { method, path } = request.requestContext.http;
    const answer = await handler({ ...request, routeKey: `${method} ${path}` }, context);
    const { statusCode = 500, headers = {}, body = '', chunks } = answer;
    const out = awslambda.HttpResponseStream.from(response, { statusCode, headers });
    const ending = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - endMs));
    const closed = new AbortController();
    out.once('close', () => closed.abort());
    await pipeline(Readable.from(chunks?.(AbortSignal.any([ending, closed.signal])) ?? [body]), out);
  };
  // Outside of Lambda there is nothing that streams; what loads the module there does not call it.
  const isLambda = typeof awslambda !== 'undefined' && 'streamifyResponse' in awslambda;
  return isLambda ? awslambda.streamifyResponse(streamed) : streamed;
}
