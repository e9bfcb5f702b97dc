import { MemoryParking } from './memory-parking.ts';
import type { Progress } from './port.ts';

/** How far a consumer is, and what it parked, in memory: a subclass writes its effects beside it. For tests and simulation. */
export abstract class MemoryEffects extends MemoryParking {
  readonly savesMarks = false;
  protected readonly reached = new Map<string, Progress>();

  async progress(streams: readonly string[]): Promise<ReadonlyMap<string, Progress>> {
    const found = new Map<string, Progress>();
    for (const stream of streams) {
      const progress = this.reached.get(stream);
      if (progress) found.set(stream, progress);
    }
    return found;
  }
}
