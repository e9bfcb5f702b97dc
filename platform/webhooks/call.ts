import type { Deadline } from '../deadline/deadline.ts';
import type { OutgoingOutcome } from '../outgoing/bounded-fetch.ts';
import { guardedFetch } from '../outgoing/guarded-fetch.ts';
import { ReachableAddresses } from '../outgoing/reachable-addresses.ts';
import type { ResolveName } from '../outgoing/resolve-name.ts';
import type { Clock } from '../clock/clock.ts';
import type { DeliveryFault } from './port.ts';
import { receiverUrl } from './receiver-url.ts';
import type { WebhookRules } from './rules.ts';

export interface Message {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** `because`: for the log of an operator, never for who owns the webhook. */
export type CallOutcome =
  | { readonly outcome: 'delivered'; readonly answered: number }
  | {
      readonly outcome: 'failed';
      readonly fault: DeliveryFault;
      readonly answered?: number;
      readonly because?: Error;
    };

const answerBytesMax = 16 * 1024;

/** Sends one message once. Delivered is what was answered with a 2xx, to its end, in time. The answer's body is not kept. */
export async function callReceiver(
  message: Message,
  rules: WebhookRules,
  deadline: Deadline,
  around: { readonly clock: Clock; readonly resolve: ResolveName },
): Promise<CallOutcome> {
  const receiver = receiverUrl(message.url, rules);
  // The operator has become stricter since it was made.
  if ('wrong' in receiver)
    return { outcome: 'failed', fault: 'unreachable', because: new Error(receiver.wrong) };
  const { body, headers } = message;
  const answer = await guardedFetch(receiver.url, { method: 'POST', headers, body }, deadline, {
    ...around,
    ownBoundMs: rules.timeoutMs,
    answerBytesMax,
    reachable: new ReachableAddresses(rules.allowedNetworks),
  });
  return outcomeOf(answer);
}

function outcomeOf(answer: OutgoingOutcome): CallOutcome {
  if (answer.outcome === 'failed')
    return { outcome: 'failed', fault: faultOf(answer), because: answer.cause };
  const { status: answered } = answer;
  if (answered >= 200 && answered < 300) return { outcome: 'delivered', answered };
  if (answered >= 300 && answered < 400) return { outcome: 'failed', fault: 'redirected', answered };
  return { outcome: 'failed', fault: answered >= 400 && answered < 500 ? 'refused' : 'failed', answered };
}

function faultOf({ reason }: Extract<OutgoingOutcome, { outcome: 'failed' }>): DeliveryFault {
  if (reason === 'answer_too_large') return reason;
  return reason === 'out_of_time' ? 'timed_out' : 'unreachable';
}
