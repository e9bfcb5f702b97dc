import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { lambdaContext } from '../../local/lambda-context.ts';
import type { RouteKey } from '../../functions/manifest.ts';

export interface LambdaKey {
  readonly keyId: string;
  readonly secret: string;
}

export interface LambdaCall {
  readonly key?: LambdaKey;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as API Gateway's HTTP API hands it on. */
export function apiRequest(route: RouteKey, call: LambdaCall = {}): APIGatewayProxyEventV2 {
  const [method = '', template = ''] = route.split(' ');
  const rawPath = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => call.path?.[name] ?? '');
  const { key, body, query, path } = call;
  return {
    version: '2.0',
    routeKey: route,
    rawPath,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: {
      ...(key && { 'apca-api-key-id': key.keyId, 'apca-api-secret-key': key.secret }),
      ...call.headers,
    },
    ...(query && { queryStringParameters: { ...query } }),
    ...(path && { pathParameters: { ...path } }),
    ...(body !== undefined && { body: JSON.stringify(body) }),
    isBase64Encoded: false,
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcdefghij',
      domainName: 'abcdefghij.execute-api.eu-central-1.amazonaws.com',
      domainPrefix: 'abcdefghij',
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: route,
      stage: '$default',
      time: '24/Nov/2026:10:00:00 +0000',
      timeEpoch: 1_795_000_000_000,
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
    },
  };
}

/** A call that has so much time. */
export function contextWith(remainingMs: number): Context {
  return Object.assign(lambdaContext(), { getRemainingTimeInMillis: () => remainingMs });
}

export function answerOf({ statusCode, body }: APIGatewayProxyStructuredResultV2) {
  return { status: statusCode, body: body === undefined ? undefined : JSON.parse(body) };
}
