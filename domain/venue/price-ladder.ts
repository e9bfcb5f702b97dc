import { PriceLevel } from './book-order.ts';
import { assert } from '../values/assert.ts';
import { SortedColumn } from './sorted-column.ts';

/** Which end of the prices is the best: bids prefer the highest, asks the lowest. */
export type Prefers = 'highest' | 'lowest';

const BLOCK_LEVELS = 128;
const RECENT_LEVELS = 4096;

/**
 * The price levels of one side. Blocks of at most 128 levels under one directory: finding a price is two binary
 * searches however far apart prices lie, and opening or closing a level moves part of one block. A small table remembers
 * the level last seen for a price, since most orders arrive at a price that is already there.
 */
export class PriceLadder {
  readonly #sign: number;
  readonly #blocks = new SortedColumn<SortedColumn<PriceLevel>>(64);
  readonly #recent = Array.from<PriceLevel | undefined>({ length: RECENT_LEVELS }).fill(undefined);
  #free: PriceLevel | undefined = undefined;
  best: PriceLevel | undefined = undefined;
  levelCount = 0;

  constructor(prefers: Prefers) {
    this.#sign = prefers === 'highest' ? 1 : -1;
    this.#blocks.insert(0, Number.NEGATIVE_INFINITY, new SortedColumn<PriceLevel>(BLOCK_LEVELS));
  }

  /** The level at this price, opened if there is none. */
  levelAt(price: number): PriceLevel {
    const known = this.#recent[price % RECENT_LEVELS];
    if (known !== undefined && known.price === price) return known;
    const level = this.#findOrOpen(price);
    this.#recent[price % RECENT_LEVELS] = level;
    return level;
  }

  /** Takes an empty level off the ladder. */
  close(level: PriceLevel): void {
    assert(level.head === undefined, 'a level with orders was closed');
    const at = this.#blocks.floor(level.key);
    const block = this.#blockAt(at);
    block.remove(block.floor(level.key));
    if (block.items.length === 0 && at > 0) this.#blocks.remove(at);
    this.#unlink(level);
    this.levelCount -= 1;
    const slot = level.price % RECENT_LEVELS;
    if (this.#recent[slot] === level) this.#recent[slot] = undefined;
    level.worse = this.#free;
    this.#free = level;
  }

  #findOrOpen(price: number): PriceLevel {
    const key = price * this.#sign;
    const blockAt = this.#blocks.floor(key);
    const block = this.#blockAt(blockAt);
    const at = block.floor(key);
    const found = block.items[at];
    if (found !== undefined && found.key === key) return found;
    if (block.items.length === BLOCK_LEVELS) {
      const upper = block.splitUpper();
      this.#blocks.insert(blockAt + 1, upper.keyAt(0), upper);
      return this.#findOrOpen(price);
    }
    const level = this.#open(price, key);
    this.#link(level, found ?? this.#blocks.items[blockAt - 1]?.items.at(-1));
    block.insert(at + 1, key, level);
    return level;
  }

  #open(price: number, key: number): PriceLevel {
    const level = this.#free ?? new PriceLevel();
    this.#free = this.#free?.worse;
    level.price = price;
    level.key = key;
    level.leavesQuantity = 0;
    level.shownQuantity = 0;
    this.levelCount += 1;
    return level;
  }

  #link(level: PriceLevel, worse: PriceLevel | undefined): void {
    const better = worse === undefined ? this.#worst() : worse.better;
    level.worse = worse;
    level.better = better;
    if (worse !== undefined) worse.better = level;
    if (better === undefined) this.best = level;
    else better.worse = level;
  }

  #unlink(level: PriceLevel): void {
    const { better, worse } = level;
    if (better === undefined) this.best = worse;
    else better.worse = worse;
    if (worse !== undefined) worse.better = better;
    level.better = undefined;
  }

  /** Only the first block can be empty while others are not. */
  #worst(): PriceLevel | undefined {
    return this.#blocks.items[0]?.items[0] ?? this.#blocks.items[1]?.items[0];
  }

  #blockAt(at: number): SortedColumn<PriceLevel> {
    const block = this.#blocks.items[at];
    assert(block !== undefined, 'a ladder always has a first block');
    return block;
  }
}
