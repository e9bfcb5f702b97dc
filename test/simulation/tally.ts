/** How often what happened. */
export class Tally {
  readonly #counts = new Map<string, number>();

  count(name: string, times = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + times);
  }

  add(other: Tally): void {
    for (const [name, times] of other.#counts) this.count(name, times);
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** In the order of their names. */
  entries(): readonly (readonly [string, number])[] {
    return [...this.#counts].sort(([left], [right]) => (left < right ? -1 : 1));
  }
}
