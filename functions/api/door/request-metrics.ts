import type { Metrics } from '../../../platform/telemetry/metrics.ts';
import type { AnyReason } from './reasons.ts';

/** An answer as it is counted. `route` is one of the manifest's: paths hold ids. */
export interface Served {
  readonly route: string;
  readonly status: number;
  readonly reason: AnyReason | undefined;
  /** Not of an answer that nothing was done for. */
  readonly durationMs?: number;
}

/** What an operator cares for: clients' mistakes are not failures of ours, and being busy is neither. */
export type RequestOutcome = 'ok' | 'refused' | 'busy' | 'failed';

/** Counts answers: rate, errors and time of each route. */
export function requestMetrics(metrics: Metrics): (served: Served) => void {
  const requests = remembered((route, outcome) => metrics.counter('requests', { route, outcome }));
  const durations = remembered((route) => metrics.histogram('request_duration', { route }));
  const refusals = remembered((reason) => metrics.counter('refusals', { reason }));
  return ({ route, status, reason, durationMs }) => {
    requests(route, outcomeOf(status)).add();
    if (durationMs !== undefined) durations(route, '').record(durationMs);
    if (reason !== undefined) refusals(reason, '').add();
  };
}

export function outcomeOf(status: number): RequestOutcome {
  if (status < 400) return 'ok';
  if (status === 503) return 'busy';
  return status < 500 ? 'refused' : 'failed';
}

/** Finding a series costs more than counting in it. The names are few: routes, outcomes, reasons. */
function remembered<Series>(make: (name: string, kind: string) => Series) {
  const known = new Map<string, Map<string, Series>>();
  return (name: string, kind: string): Series => {
    const kinds = known.get(name) ?? new Map<string, Series>();
    known.set(name, kinds);
    const series = kinds.get(kind) ?? make(name, kind);
    kinds.set(kind, series);
    return series;
  };
}
