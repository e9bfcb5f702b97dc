import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { RouteMatch } from './router.ts';

/** A request as API Gateway's HTTP API and function URLs hand it on: payload format 2.0. */
export function payload(request: IncomingMessage, match: RouteMatch, body: string): APIGatewayProxyEventV2 {
  const { rawPath, rawQueryString } = splitTarget(request.url ?? '/');
  const { method = 'GET', headers, socket } = request;
  return {
    version: '2.0',
    routeKey: match.route,
    rawPath,
    rawQueryString,
    // Node has joined repeated headers and lowered their names already, as the gateway does; only set-cookie would be a list.
    headers: headers as Record<string, string>,
    ...(rawQueryString !== '' && { queryStringParameters: queryOf(rawQueryString) }),
    ...(match.parameters && { pathParameters: match.parameters }),
    ...(body !== '' && { body }),
    isBase64Encoded: false,
    requestContext: {
      accountId: 'local',
      apiId: 'local',
      domainName: 'localhost',
      domainPrefix: 'local',
      requestId: '',
      routeKey: match.route,
      stage: '$default',
      time: '',
      timeEpoch: 0,
      http: {
        method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: socket.remoteAddress ?? '',
        userAgent: headers['user-agent'] ?? '',
      },
    },
  };
}

export function splitTarget(url: string): { readonly rawPath: string; readonly rawQueryString: string } {
  const at = url.indexOf('?');
  return at < 0
    ? { rawPath: url, rawQueryString: '' }
    : { rawPath: url.slice(0, at), rawQueryString: url.slice(at + 1) };
}

/** Repeated parameters are joined by commas, as the gateway does. */
function queryOf(raw: string): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(raw)) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before},${value}`);
  }
  // Not by assignment: a parameter may be called `__proto__`, and is refused by that name like any other.
  return Object.fromEntries(joined);
}
