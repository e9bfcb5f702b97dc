import { Logger } from '@aws-lambda-powertools/logger';
import type { Log, LogFields } from './port.ts';

/** Log lines of a Lambda function. */
export class PowertoolsLog implements Log {
  readonly #logger: Logger;

  constructor(logger: Logger = new Logger({ serviceName: 'ordercell' })) {
    this.#logger = logger;
  }

  info(message: string, fields: LogFields = {}): void {
    this.#logger.info(message, { ...fields });
  }

  warn(message: string, fields: LogFields = {}): void {
    this.#logger.warn(message, { ...fields });
  }

  error(message: string, error: unknown, fields: LogFields = {}): void {
    const shown = error instanceof Error ? error : new Error(String(error));
    this.#logger.error(message, { ...fields, error: shown });
  }
}
