/** So many seeds one after the other. */
export interface Range {
  readonly from: number;
  readonly seeds: number;
}

/** What was asked for under one name, and what of it was really run. */
export interface Share {
  readonly what: 'fixed' | 'fresh';
  readonly range: Range;
  readonly done: ReadonlySet<number>;
}

export function undone({ from, seeds }: Range, done: ReadonlySet<number>): readonly number[] {
  return Array.from({ length: seeds }, (_, index) => from + index).filter((seed) => !done.has(seed));
}

/** `1 to 4, 7, 9 to 12`: ascending, whatever order they come in. */
export function spans(seeds: Iterable<number>): string {
  const found: { from: number; to: number }[] = [];
  for (const seed of [...seeds].sort((left, right) => left - right)) {
    const last = found.at(-1);
    if (last && seed === last.to + 1) last.to = seed;
    else found.push({ from: seed, to: seed });
  }
  return found.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`)).join(', ') || 'none';
}
