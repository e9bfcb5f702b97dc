import { Tracer as Powertools } from '@aws-lambda-powertools/tracer';
import type { LogFields, Tracer } from './port.ts';

/** X-Ray segments through Powertools. Does nothing outside Lambda. */
export class PowertoolsTracer implements Tracer {
  readonly #tracer: Powertools;

  constructor(tracer: Powertools = new Powertools()) {
    this.#tracer = tracer;
  }

  async trace<Result>(name: string, fields: LogFields, work: () => Promise<Result>): Promise<Result> {
    const parent = this.#tracer.getSegment();
    const segment = parent?.addNewSubsegment(name);
    if (!segment) return work();
    this.#tracer.setSegment(segment);
    try {
      for (const [key, value] of Object.entries(fields)) {
        if (value !== undefined) segment.addAnnotation(key, value);
      }
      return await work();
    } catch (error) {
      segment.addError(error instanceof Error ? error : String(error));
      throw error;
    } finally {
      segment.close();
      if (parent) this.#tracer.setSegment(parent);
    }
  }
}
