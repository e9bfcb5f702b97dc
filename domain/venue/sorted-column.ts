/** Keys in rising order with an item each, in two parallel arrays: searched in the dense one, moved in blocks. */
export class SortedColumn<Item> {
  readonly items: Item[] = [];
  #keys: Float64Array;

  constructor(capacity: number) {
    this.#keys = new Float64Array(capacity);
  }

  /** The last position whose key is at or below; -1 when all are above. */
  floor(key: number): number {
    const keys = this.#keys;
    let low = 0;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((keys[middle] ?? 0) <= key) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  keyAt(at: number): number {
    return this.#keys[at] ?? Number.NaN;
  }

  insert(at: number, key: number, item: Item): void {
    const { items } = this;
    if (items.length === this.#keys.length) this.#grow();
    this.#keys.copyWithin(at + 1, at, items.length);
    this.#keys[at] = key;
    items.push(item);
    for (let i = items.length - 1; i > at; i -= 1) {
      const moved = items[i - 1];
      if (moved !== undefined) items[i] = moved;
    }
    items[at] = item;
  }

  remove(at: number): void {
    const { items } = this;
    this.#keys.copyWithin(at, at + 1, items.length);
    for (let i = at; i < items.length - 1; i += 1) {
      const moved = items[i + 1];
      if (moved !== undefined) items[i] = moved;
    }
    items.pop();
  }

  /** Moves the upper half into a new column of the same capacity. */
  splitUpper(): SortedColumn<Item> {
    const upper = new SortedColumn<Item>(this.#keys.length);
    const half = this.items.length >>> 1;
    upper.#keys.set(this.#keys.subarray(half, this.items.length));
    upper.items.push(...this.items.slice(half));
    this.items.length = half;
    return upper;
  }

  #grow(): void {
    const before = this.#keys;
    this.#keys = new Float64Array(before.length * 2);
    this.#keys.set(before);
  }
}
