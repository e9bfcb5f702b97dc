import type { Parked, Parking } from './port.ts';

/** What could not be processed, in memory: for tests and simulation. */
export class MemoryParking implements Parking {
  readonly #parked = new Map<string, Map<string, Parked>>();

  async park(consumer: string, parked: Parked): Promise<'parked' | 'known'> {
    const entries = this.#parked.get(consumer) ?? new Map<string, Parked>();
    this.#parked.set(consumer, entries);
    if (entries.get(parked.stream)?.version === parked.version) return 'known';
    entries.set(parked.stream, parked);
    return 'parked';
  }

  async parked(consumer: string): Promise<readonly Parked[]> {
    return [...(this.#parked.get(consumer)?.values() ?? [])];
  }

  async unpark(consumer: string, stream: string): Promise<void> {
    this.#parked.get(consumer)?.delete(stream);
  }
}
