import { describe, expect, test } from 'vitest';
import { systemClock } from '../../platform/clock/clock.ts';
import { deadlineIn, longestCallMs } from '../../platform/deadline/deadline.ts';
import { type ChunkStore, chunkCharactersMax } from '../../platform/venue/chunk-store.ts';

export interface ChunkStoreBench {
  open(): Promise<ChunkStore>;
  close?(): Promise<void>;
}

/** What every adapter of the port promises. */
export function chunkStoreContract(name: string, bench: ChunkStoreBench): void {
  const deadline = () => deadlineIn(longestCallMs, systemClock);

  describe(`chunks in ${name}`, () => {
    test('what was put is there, character for character, and nothing else is', async () => {
      const store = await bench.open();
      const text = 'x'.repeat(chunkCharactersMax - 3) + '…"\n';
      await store.put('book-A@1', '0', text, deadline());
      await store.put('book-A@1', '1', '', deadline());
      expect(await store.get('book-A@1', '0', deadline())).toBe(text);
      expect(await store.get('book-A@1', '1', deadline())).toBe('');
      expect(await store.get('book-A@1', '2', deadline())).toBeUndefined();
      expect(await store.get('book-A@2', '0', deadline())).toBeUndefined();
      await bench.close?.();
    });

    test('the same name again replaces the text', async () => {
      const store = await bench.open();
      await store.put('book-A@1', '0', 'first', deadline());
      await store.put('book-A@1', '0', 'second', deadline());
      expect(await store.get('book-A@1', '0', deadline())).toBe('second');
      await bench.close?.();
    });

    test('what was removed is gone, and removing it again does nothing', async () => {
      const store = await bench.open();
      await store.put('book-A@1', '0', 'text', deadline());
      await store.remove('book-A@1', '0', deadline());
      await store.remove('book-A@1', '0', deadline());
      expect(await store.get('book-A@1', '0', deadline())).toBeUndefined();
      await bench.close?.();
    });
  });
}
