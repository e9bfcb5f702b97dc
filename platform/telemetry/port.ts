import type { Metrics } from './metrics.ts';

/** What a log line may carry: short values, no secrets, no personal data, no request bodies. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Structured, one line per call. Never throws. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** `error` goes into the log with its stack and causes; never into an answer. */
  error(message: string, error: unknown, fields?: LogFields): void;
}

export interface Tracer {
  /** Runs `work` as one named piece of a trace. What it throws is noted and thrown on. */
  trace<Result>(name: string, fields: LogFields, work: () => Promise<Result>): Promise<Result>;
}

export interface Telemetry {
  readonly log: Log;
  readonly tracer: Tracer;
  readonly metrics: Metrics;
}
