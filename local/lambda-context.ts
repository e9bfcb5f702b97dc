import type { Context } from 'aws-lambda';

const never = () => undefined;

const shared: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'local',
  functionVersion: '$LATEST',
  invokedFunctionArn: '',
  memoryLimitInMB: '0',
  awsRequestId: '',
  logGroupName: '',
  logStreamName: '',
  // The embedded cell has no limit of its own; the function's deadline is the one that counts.
  getRemainingTimeInMillis: () => Number.MAX_SAFE_INTEGER,
  done: never,
  fail: never,
  succeed: never,
};

/** A context of its own for every call, as Lambda gives; what they all say is said once. */
export function lambdaContext(): Context {
  return Object.create(shared) as Context;
}
