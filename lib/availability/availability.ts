export interface Part {
  readonly service: string;
  /** The share of a month in which it is promised to answer. */
  readonly promised: number;
}

/**
 * What AWS promises to pay for when it is missed, of a month and a region: a promise of money, not of availability. As on AWS's pages of
 * service level agreements in 2026; they rarely change.
 */
export const promised = {
  'API Gateway': 0.9995,
  Lambda: 0.9995,
  DynamoDB: 0.9999,
  EventBridge: 0.9999,
  SQS: 0.999,
} as const;

export interface Path {
  readonly what: string;
  readonly needs: readonly (keyof typeof promised)[];
  /** What one who asks sees when one of them fails. */
  readonly without: string;
}

export const paths: readonly Path[] = [
  {
    what: 'place, replace, cancel an order',
    needs: ['API Gateway', 'Lambda', 'DynamoDB'],
    without: 'refused or unanswered; the same client_order_id asks again without harm',
  },
  { what: 'read an order', needs: ['API Gateway', 'Lambda', 'DynamoDB'], without: 'no answer' },
  {
    what: 'executed by our own venue',
    needs: ['DynamoDB', 'Lambda', 'EventBridge', 'SQS'],
    without: 'late, not lost: it waits in the log, and the sweep goes round without bus and queues',
  },
  {
    what: 'lists, feeds, webhooks',
    needs: ['DynamoDB', 'Lambda', 'EventBridge', 'SQS'],
    without: 'late, not lost',
  },
];

export const secondsOfYear = 365.25 * 24 * 3_600;
/** Of 99.999 %. */
export const fiveNinesSeconds = secondsOfYear * 0.00001;

/** All of them have to answer, each failing by itself: their promises multiplied. */
export function composed({ needs }: Path): number {
  return needs.reduce((share, service) => share * promised[service], 1);
}

export function secondsDown(share: number): number {
  return (1 - share) * secondsOfYear;
}

/** That one of several independent cells answers: what counts for whoever may trade in any of them. */
export function anyOf(share: number, cells: number): number {
  return 1 - (1 - share) ** cells;
}

/** How often a year one process may die and be started again before that alone is more than five nines. */
export function deathsAYear(recoverySeconds: number): number {
  return Math.floor(fiveNinesSeconds / recoverySeconds);
}
