import {
  type DynamoDBClient,
  IdempotentParameterMismatchException,
  ProvisionedThroughputExceededException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';

/**
 * What DynamoDB does and DynamoDB Local never does.
 * - `answer-lost`: the effect happens, the caller gets an error.
 * - `answer-lost-in-sdk`: the effect happens, the SDK gets an error and tries again with the same token.
 * - `conflict`: a transaction is cancelled because another one is under way on its last item. No effect.
 * - `mismatch`: the token is said to stand for other content. No effect.
 * - `throttle`: the call is turned away. No effect.
 */
export type Fault = 'answer-lost' | 'answer-lost-in-sdk' | 'mismatch' | 'conflict' | 'throttle';

/** Asked once for each call the store makes, before it is made. */
export type FaultPlan = (command: string) => Fault | undefined;

/** One fault for each call, in turn; none after the last. */
export function inTurn(...faults: readonly (Fault | undefined)[]): FaultPlan {
  let calls = 0;
  return () => faults[calls++];
}

export function injectFaults(client: DynamoDBClient, plan: FaultPlan): void {
  let losingInSdk = 0;
  client.middlewareStack.add(
    (next, context) => async (call) => {
      const fault = plan(String(context['commandName']));
      if (fault === 'conflict') throw conflict(call.input);
      if (fault === 'throttle') {
        throw new ProvisionedThroughputExceededException({ message: 'injected', $metadata: {} });
      }
      if (fault === 'answer-lost-in-sdk') losingInSdk += 1;
      if (fault === 'mismatch') {
        throw new IdempotentParameterMismatchException({ message: 'injected', $metadata: {} });
      }
      const answer = await next(call);
      if (fault === 'answer-lost') throw lost();
      return answer;
    },
    { step: 'initialize', name: 'faults' },
  );
  client.middlewareStack.add(
    (next) => async (call) => {
      if (losingInSdk === 0) return next(call);
      losingInSdk -= 1;
      await next(call);
      throw lost();
    },
    { step: 'finalizeRequest', priority: 'low', name: 'lostAnswers' },
  );
}

function lost(): Error {
  return Object.assign(new Error('injected: the connection broke'), {
    name: 'TimeoutError',
    code: 'ECONNRESET',
  });
}

function conflict(input: object): TransactionCanceledException {
  const parts =
    'TransactItems' in input && Array.isArray(input.TransactItems) ? input.TransactItems.length : 1;
  return new TransactionCanceledException({
    message: 'injected',
    $metadata: {},
    CancellationReasons: Array.from({ length: parts }, (_, index) => ({
      Code: index === parts - 1 ? 'TransactionConflict' : 'None',
    })),
  });
}
