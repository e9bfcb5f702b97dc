import { noMetrics } from './metrics.ts';
import type { Log, Telemetry, Tracer } from './port.ts';

export const noTracer: Tracer = { trace: (_name, _fields, work) => work() };

export const silentLog: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Says nothing: tests and measurements of everything else. */
export const silent: Telemetry = { log: silentLog, tracer: noTracer, metrics: noMetrics };
