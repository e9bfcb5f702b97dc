/** Where CloudWatch keeps them. */
export const metricsNamespace = 'Ordercell';

/** How a number behaves: only grows, is spread over many, or is read at the moment of asking. */
export interface MetricEntry {
  readonly kind: 'counter' | 'histogram' | 'gauge';
  readonly unit: 'count' | 'milliseconds' | 'seconds' | 'bytes';
  readonly labels: readonly string[];
  readonly help: string;
}

const counter = <const Labels extends readonly string[]>(help: string, labels: Labels) =>
  ({ kind: 'counter', unit: 'count', labels, help }) as const;
const timing = <const Labels extends readonly string[]>(help: string, labels: Labels) =>
  ({ kind: 'histogram', unit: 'milliseconds', labels, help }) as const;
const gauge = <const Unit extends MetricEntry['unit'], const Labels extends readonly string[]>(
  unit: Unit,
  help: string,
  labels: Labels,
) => ({ kind: 'gauge', unit, labels, help }) as const;

/**
 * Every number this system says of itself. A label has few values, known beforehand: routes, reasons, names of consumers. Never an
 * order, an account, a key or a symbol: those are in the log. Each has an entry in docs/runbook.md.
 */
export const metricList = {
  requests: counter('Requests answered, by what became of them: ok, refused, busy or failed.', [
    'route',
    'outcome',
  ]),
  request_duration: timing('From the door to the answer.', ['route']),
  refusals: counter('Answers with a reason, by reason.', ['reason']),
  requests_in_work: gauge('count', 'Requests being worked on.', []),
  connections: gauge('count', 'Open connections of clients.', []),
  streams_open: gauge('count', 'Streams that clients have open.', ['kind']),
  streams_dropped: counter('Streams that were ended from our side, by why.', ['reason']),
  stream_lag: timing('From what happened to its being handed to a stream.', ['kind']),
  consumer_applied: counter('Commits a consumer applied.', ['consumer']),
  consumer_failures: counter('Batches of a consumer that failed and are tried again.', ['consumer']),
  consumer_batch_duration: timing('One batch of a consumer.', ['consumer']),
  consumer_behind: gauge('count', 'Commits in the log that a consumer has not applied.', ['consumer']),
  consumer_behind_age: gauge('seconds', 'Age of the oldest commit that a consumer has not applied.', [
    'consumer',
  ]),
  consumer_standing_still: gauge(
    'count',
    '1 while the process that a consumer runs in is dead, and until another one has taken its place.',
    ['consumer'],
  ),
  consumer_parked: gauge('count', 'Streams a consumer cannot go on with.', ['consumer']),
  commits_parked: counter('Commits a consumer put aside because it cannot apply them.', []),
  commits_swept: counter('Commits the sweep brought to a consumer because no delivery had.', []),
  schedule_failures: counter(
    'What a scheduled function could not do in its round; the next one tries again.',
    [],
  ),
  quarantines: counter('Streams put into quarantine: nothing more is decided on them.', []),
  reconcile_differences: counter('Differences that a reconciliation found.', []),
  reconcile_unfinished: counter('Reconciliations by the clock that ran out of time: nothing is known.', []),
  webhook_deliveries: counter(
    'Tries to deliver to a webhook, by what became of them: delivered, retrying or parked.',
    ['outcome'],
  ),
  webhook_delivery_duration: timing('One try to deliver to a webhook.', []),
  log_tampering: counter('Records of the change feed that change or delete a commit.', []),
  streams_quarantined: gauge('count', 'Streams nothing is decided on any more.', []),
  config_age: gauge('seconds', 'Since the config was last known to be what its source has.', []),
  config_refused: gauge(
    'count',
    '1 while what the source of the config has is not in force, because it is no config.',
    [],
  ),
  surveillance_breaches: counter('Limits that surveillance saw crossed.', ['watched', 'level']),
  surveillance_pending: gauge('count', 'Breaches that are still to be acted on, a hundred at most.', []),
  kill_switches: gauge('count', 'Kill switches that are on, by what they stop.', ['scope']),
  group_commit_duration: timing('One durable transaction of the log.', []),
  group_commit_jobs: {
    kind: 'histogram',
    unit: 'count',
    labels: [],
    help: 'Writes that shared one durable transaction.',
  },
  group_commit_failures: counter('Durable transactions that failed, by why.', ['cause']),
  store_full: gauge('count', '1 while the disk takes no more writes.', []),
  store_bytes: gauge('bytes', 'Size of the files of the store.', ['file']),
  store_free_bytes: gauge('bytes', 'Room left on the disk of the store.', []),
  event_loop_delay: timing('How late the event loop was.', []),
  gc_pause: timing('Pauses for garbage collection.', ['kind']),
  heap_used_bytes: gauge('bytes', 'Memory of live and dead objects.', []),
  heap_limit_bytes: gauge('bytes', 'What the heap may grow to.', []),
  resident_bytes: gauge('bytes', 'Memory of the process.', []),
  uptime: gauge('seconds', 'Since the process began.', []),
  metric_failures: counter('Gauges that could not be read when asked for.', ['metric']),
} as const satisfies Readonly<Record<string, MetricEntry>>;

export type MetricName = keyof typeof metricList;

export type NameOf<Kind extends MetricEntry['kind']> = {
  [Name in MetricName]: (typeof metricList)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];

export type LabelsOf<Name extends MetricName> = Readonly<
  Record<(typeof metricList)[Name]['labels'][number], string>
>;
