import type { FeedEntry } from './port.ts';

/** Where a feed begins: before its first commit. */
export const feedStart = '0';

/**
 * The log in the order it was written, for consumers in the same process. A sequence is opaque: hand back what was handed out.
 * The cloud has its change feed instead; there is no global order there.
 */
export interface LocalFeed {
  /** Durable commits after `sequence`, oldest first, at most `limit`. */
  feed(sequence: string, limit: number): Promise<readonly FeedEntry[]>;
  /** Called after commits became durable; says only that there are some. Returns how to stop. A listener must not throw. */
  onCommits(listener: () => void): () => void;
  /** Up to where a consumer has got, or `feedStart`. */
  cursor(consumer: string): Promise<string>;
  saveCursor(consumer: string, sequence: string): Promise<void>;
}
