import type { Tracer } from '../../platform/telemetry/port.ts';
import { noTracer } from '../../platform/telemetry/silent.ts';

/** Powertools' own name for it. */
const switchName = 'POWERTOOLS_TRACE_ENABLED';

/** X-Ray's SDK is a quarter of a function and its cold start: only who wants traces loads it. */
export async function tracerOf(environment: NodeJS.ProcessEnv): Promise<Tracer> {
  if (environment[switchName] !== 'true') return noTracer;
  const { PowertoolsTracer } = await import('../../platform/telemetry/powertools-tracer.ts');
  return new PowertoolsTracer();
}
