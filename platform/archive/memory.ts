import type { Archive, Kept } from './port.ts';

export class MemoryArchive implements Archive {
  readonly #objects = new Map<string, Uint8Array>();

  async keep(name: string, bytes: Uint8Array): Promise<Kept> {
    if (this.#objects.has(name)) return 'known';
    this.#objects.set(name, bytes.slice());
    return 'kept';
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    return this.#objects.get(name)?.slice();
  }

  async *names(prefix: string): AsyncIterable<string> {
    yield* [...this.#objects.keys()].filter((name) => name.startsWith(prefix)).toSorted();
  }
}
