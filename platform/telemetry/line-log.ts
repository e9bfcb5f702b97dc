import type { Log, LogFields } from './port.ts';

export type Severity = 'INFO' | 'WARN' | 'ERROR';

export interface LogLine {
  readonly level: Severity;
  readonly timestamp: string;
  readonly message: string;
  readonly fields: LogFields;
  readonly error?: unknown;
}

/** How many bytes wait at most before they are written, whatever the event loop is doing. */
const bufferMax = 64 * 1024;

/**
 * Log lines of one process on its standard output. Lines of one turn of the event loop go out in one write: a write for each
 * would cost a request more than its JSON. What is buffered when the process is killed is lost; acknowledged orders are not in here.
 */
export class LineLog implements Log {
  readonly #write: (text: string) => void;
  readonly #render: (line: LogLine) => string;
  #buffer = '';
  #scheduled: NodeJS.Immediate | undefined;

  constructor(write: (text: string) => void, render: (line: LogLine) => string) {
    this.#write = write;
    this.#render = render;
  }

  info(message: string, fields: LogFields = {}): void {
    this.#line({ level: 'INFO', timestamp: now(), message, fields });
  }

  warn(message: string, fields: LogFields = {}): void {
    this.#line({ level: 'WARN', timestamp: now(), message, fields });
  }

  error(message: string, error: unknown, fields: LogFields = {}): void {
    this.#line({ level: 'ERROR', timestamp: now(), message, fields, error });
  }

  flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    if (this.#buffer === '') return;
    const text = this.#buffer;
    this.#buffer = '';
    this.#write(text);
  }

  #line(line: LogLine): void {
    this.#buffer += `${this.#render(line)}\n`;
    if (this.#buffer.length > bufferMax) return this.flush();
    this.#scheduled ??= setImmediate(() => this.flush());
  }
}

function now(): string {
  return new Date().toISOString();
}

/** The shape Powertools' logger gives its lines, so that one query reads both. */
export function jsonLine(service: string): (line: LogLine) => string {
  return ({ level, timestamp, message, fields, error }) =>
    JSON.stringify({
      level,
      message,
      service,
      timestamp,
      ...fields,
      ...(error !== undefined && { error: described(error) }),
    });
}

/** For a person at a terminal. */
export function readableLine({ level, timestamp, message, fields, error }: LogLine): string {
  const shown = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${String(value)}`);
  const trouble = error === undefined ? [] : [error instanceof Error ? error.stack : 'not an error'];
  return [timestamp.slice(11, 23), level.padEnd(5), message, ...shown, ...trouble].join(' ');
}

const causesMax = 5;

function described(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { name: 'NotAnError', message: typeof error };
  const { name, message, stack, cause } = error;
  return {
    name,
    message,
    stack,
    ...(cause !== undefined && depth < causesMax && { cause: described(cause, depth + 1) }),
  };
}
