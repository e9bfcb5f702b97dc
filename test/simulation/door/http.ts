import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { RouteKey } from '../../../functions/manifest.ts';
import type { Clock } from '../../../platform/clock/clock.ts';
import type { DoorKey } from './key.ts';

export interface DoorCall {
  readonly key: DoorKey;
  /** Where it comes from: whoever guesses keys is counted by it. */
  readonly address: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** As API Gateway's HTTP API hands a request on, payload format 2.0. */
export function eventOf(
  route: RouteKey,
  { key, address, path = {}, body, headers }: DoorCall,
): APIGatewayProxyEventV2 {
  const [method = '', template = ''] = route.split(' ');
  const rawPath = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => path[name] ?? '');
  return {
    version: '2.0',
    routeKey: route,
    rawPath,
    rawQueryString: '',
    headers: { 'apca-api-key-id': key.keyId, 'apca-api-secret-key': key.secret, ...headers },
    pathParameters: { ...path },
    ...(body && { body: JSON.stringify(body) }),
    isBase64Encoded: false,
    requestContext: {
      accountId: 'simulated',
      apiId: 'simulated',
      domainName: 'simulated',
      domainPrefix: 'simulated',
      requestId: 'simulated',
      routeKey: route,
      stage: '$default',
      time: '05/Jan/2026:00:00:00 +0000',
      timeEpoch: 1_767_571_200_000,
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: address, userAgent: 'simulated' },
    },
  };
}

const never = () => undefined;

/** A call that has so much time left, and less with every moment of virtual time. */
export function contextWith(clock: Clock, patienceMs: number): Context {
  const endsMs = clock.monotonicMs() + patienceMs;
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'simulated',
    functionVersion: '$LATEST',
    invokedFunctionArn: '',
    memoryLimitInMB: '0',
    awsRequestId: '',
    logGroupName: '',
    logStreamName: '',
    getRemainingTimeInMillis: () => endsMs - clock.monotonicMs(),
    done: never,
    fail: never,
    succeed: never,
  };
}
