import type { ServerResponse } from 'node:http';
import type { Chunks } from '../functions/api/door/reply.ts';

/** How long a reader may take nothing before being let go. */
const stalledMs = 10_000;

export interface StreamedBodiesOptions {
  readonly onUnexpected: (error: unknown) => void;
  readonly onStalled?: () => void;
}

/** Answers that are written as they come about, as fast as their readers take them: what is not yet taken is not yet made. */
export class StreamedBodies {
  readonly #options: StreamedBodiesOptions;
  readonly #open = new Set<AbortController>();

  constructor(options: StreamedBodiesOptions) {
    this.#options = options;
  }

  /** `isOver`: nobody wants the body itself. */
  begin(response: ServerResponse, chunks: Chunks, isOver: boolean): void {
    const ending = new AbortController();
    this.#open.add(ending);
    response.once('close', () => ending.abort());
    if (isOver || response.destroyed) ending.abort();
    this.#write(response, chunks, ending.signal)
      .catch((error: unknown) => {
        this.#options.onUnexpected(error);
        response.destroy();
      })
      .finally(() => this.#open.delete(ending))
      .catch(this.#options.onUnexpected);
  }

  /** Ends all of them; what was handed over still arrives. */
  stop(): void {
    for (const ending of this.#open) ending.abort();
  }

  async #write(response: ServerResponse, chunks: Chunks, signal: AbortSignal): Promise<void> {
    for await (const chunk of chunks(signal)) {
      if (signal.aborted) break;
      if (!response.write(chunk) && !(await this.#isTaken(response, signal))) {
        this.#options.onStalled?.();
        response.destroy();
        return;
      }
    }
    response.end();
  }

  /** False: the reader has taken nothing for too long. */
  async #isTaken(response: ServerResponse, signal: AbortSignal): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), stalledMs);
    const taken = () => resolve(true);
    response.once('drain', taken);
    signal.addEventListener('abort', taken, { once: true });
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      response.off('drain', taken);
      signal.removeEventListener('abort', taken);
    }
  }
}
