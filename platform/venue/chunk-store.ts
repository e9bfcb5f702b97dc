import type { Deadline } from '../deadline/deadline.ts';

/** Texts too large for a commit: what a book looked like. Nothing here is trusted: whoever refers to a text says its hash. */
export interface ChunkStore {
  /** Durable when it resolves. The same name again replaces the text. */
  put(owner: string, name: string, text: string, deadline: Deadline): Promise<void>;
  /** Undefined when there is none. */
  get(owner: string, name: string, deadline: Deadline): Promise<string | undefined>;
  /** Nothing happens when there is none. */
  remove(owner: string, name: string, deadline: Deadline): Promise<void>;
}

/** Of the characters of one text; with what is beside it, well inside what one item may hold. */
export const chunkCharactersMax = 48 * 1024;

export class MemoryChunkStore implements ChunkStore {
  readonly #texts = new Map<string, string>();

  async put(owner: string, name: string, text: string): Promise<void> {
    this.#texts.set(`${owner} ${name}`, text);
  }

  async get(owner: string, name: string): Promise<string | undefined> {
    return this.#texts.get(`${owner} ${name}`);
  }

  async remove(owner: string, name: string): Promise<void> {
    this.#texts.delete(`${owner} ${name}`);
  }

  get size(): number {
    return this.#texts.size;
  }
}
