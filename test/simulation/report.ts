import { feedProjection } from '../../platform/account-feed/projection.ts';
import { viewProjection } from '../../platform/views/projection.ts';
import type { Plan, Result } from './run.ts';
import { type Share, spans, undone } from './seeds.ts';
import type { Tally } from './tally.ts';
import { faults } from './weather.ts';

/** What must have happened at least once in a run of many worlds: what never happened was not tested. */
const mustHappen: readonly string[] = [
  ...faults,
  'delivery: dropped',
  'config: stale',
  'book: two owners',
  'world: books led by all',
  ...['place', 'replace', 'cancel', 'close', 'read'].map((kind) => `door asked: ${kind}`),
  ...['2xx', '4xx', '5xx', '401', '429'].map((status) => `door: ${status}`),
  ...['no answer', 'repeat recognised', 'name reused'].map((what) => `door: ${what}`),
  ...['trade', 'bust', 'correction', 'restate', 'expire', 'trigger', 'cancel'].map((said) => `book: ${said}`),
  'linked: exit released',
  ...[viewProjection.name, feedProjection.name, 'linked-orders'].map((consumer) => `swept: ${consumer}`),
  ...['venue', 'views', 'account-feed', 'linked-orders', 'stop-watch'].map((name) => `delivered: ${name}`),
  ...['appended', 'repeated', 'conflict', 'refused'].map((outcome) => `append: ${outcome}`),
  ...['committed', 'replayed', 'key-reused', 'unchanged'].map((outcome) => `outcome: ${outcome}`),
  ...[
    'OrderPlaced',
    'OrderDenied',
    'OrderReleased',
    'OrderTriggered',
    'OrderAccepted',
    'OrderRejected',
    'CancelRequested',
    'CancelRejected',
    'OrderCanceled',
    'ReplaceRequested',
    'ReplaceRejected',
    'OrderReplaced',
    'OrderRestated',
    'OrderExecuted',
    'ExecutionBusted',
    'ExecutionCorrected',
    'OrderExpired',
    'OrderDoneForDay',
    'SessionResumed',
    'OrderStopped',
    'OrderSuspended',
    'OrderCalculated',
    'ReportDisputed',
    'ReportNoted',
    'OrderAliased',
    'AccountOpened',
    'AccountHalted',
    'HaltLifted',
    'RestrictionLifted',
    'AccountChangeRefused',
    'TransferRequested',
    'TransferCompleted',
    'TransferCanceled',
    'TransferDenied',
    'TransferChangeRefused',
    'BookOpened',
    'BatchMatched',
    'SnapshotTaken',
    'OrderHeld',
    'ExitDue',
    'StopElected',
    'KillSwitchThrown',
    'KillSwitchReleased',
    'ReferencePriceSet',
  ].map((type) => `event: ${type}`),
  'account: owes cash',
  'account: owes shares',
  'account: overfilled',
];

/** Once in some thirty worlds or fewer: a run of a hundred may well go by without. */
const rare: readonly string[] = ['account: repays cash', 'account: repays shares'];

/** From how many worlds on what is usual must have happened, and from how many on what is rare. */
const manyWorlds = { usual: 100, rare: 1_000 };

/** What a run of so many worlds should have met and did not; a short run owes nothing. */
export function neverHappened(tally: Tally, worlds: number): readonly string[] {
  const expected = [
    ...(worlds >= manyWorlds.usual ? mustHappen : []),
    ...(worlds >= manyWorlds.rare ? rare : []),
  ];
  return expected.filter((name) => tally.of(name) === 0);
}

/** What a run was long enough to be asked, and was cut too short to answer. */
export function notJudged(asked: number, worlds: number): string | undefined {
  const named = [
    ['what must happen', manyWorlds.usual],
    ['what is rare', manyWorlds.rare],
  ] as const;
  const cut = named.filter(([, from]) => asked >= from && worlds < from);
  if (cut.length === 0) return undefined;
  const owed = cut.map(([what, from]) => `${what} (from ${from} worlds on)`).join(' and ');
  return `*** NOT JUDGED: whether ${owed} did happen, in ${worlds} of ${asked} worlds ***`;
}

/** Which of the seeds asked for were run, when not all were. */
export function notRun(shares: readonly Share[]): string | undefined {
  if (shares.every(({ range, done }) => undone(range, done).length === 0)) return undefined;
  const texts = shares.map(({ what, range, done }) => {
    return `${done.size} of ${range.seeds} ${what} seeds (${spans(done)})`;
  });
  return `*** NOT ALL WAS RUN: only ${texts.join(' and ')} ***`;
}

export function summary(tally: Tally): string {
  const groups = new Map<string, string[]>();
  for (const [name, times] of tally.entries()) {
    const [group = '', ...what] = name.split(': ');
    const list = groups.get(group) ?? [];
    list.push(`${what.join(' ') || 'all'} ${times}`);
    groups.set(group, list);
  }
  return [...groups].map(([group, list]) => `${group.padEnd(15)} ${list.join(', ')}`).join('\n');
}

export function failureText({ failure }: Result, { seed, steps, without = [] }: Plan): string {
  if (!failure) return '';
  const { step, law, message, error, lastSteps } = failure;
  const cause = error instanceof Error ? [error.stack ?? '', causes(error)].join('\n') : '';
  return [
    `seed ${seed} failed at step ${step}: ${law}`,
    message,
    'the last steps:',
    ...lastSteps,
    cause,
    `again: npm run simulate -- --seeds 1 --from ${seed} --steps ${steps}${without.map((fault) => ` --without '${fault}'`).join('')}`,
  ].join('\n');
}

function causes(error: Error): string {
  const { cause } = error;
  return cause instanceof Error ? `caused by ${cause.stack ?? cause.message}\n${causes(cause)}` : '';
}
