/** How often something happened, by steps of time: the step's number and the count, in order. Steps without any are left out. */
export type Counts = readonly (readonly [step: number, count: number])[];

/** Steps kept before the newest one: more than any window has, so that what comes late still counts. */
export const stepsKept = 120;

/** Whatever order they are added in, the same counts. */
export function counted(counts: Counts, step: number, more: number): Counts {
  if (more === 0) return counts;
  const last = counts.at(-1);
  if (last === undefined || step > last[0])
    return [...counts.filter(([one]) => one > step - stepsKept), [step, more]];
  if (step === last[0]) return counts.with(counts.length - 1, [step, last[1] + more]);
  const all = new Map(counts);
  all.set(step, (all.get(step) ?? 0) + more);
  const newest = Math.max(...all.keys());
  return [...all].filter(([one]) => one > newest - stepsKept).toSorted(([a], [b]) => a - b);
}

/** The most within any window of so many steps that `step` is part of, of what was counted after step `since`. */
export function mostIn(counts: Counts, step: number, { steps, since }: Span): number {
  const near = counts.filter(([one]) => one > since && one > step - steps && one < step + steps);
  const ends = near.map(([one]) => one).filter((one) => one >= step);
  return Math.max(0, ...ends.map((end) => sumOf(near, end - steps, end)));
}

/** In the window that ends with `step`. */
export function latestIn(counts: Counts, step: number, { steps, since }: Span): number {
  return sumOf(
    counts.filter(([one]) => one > since),
    step - steps,
    step,
  );
}

export interface Span {
  readonly steps: number;
  /** People have looked at what was before: it counts no more. */
  readonly since: number;
}

function sumOf(counts: Counts, after: number, end: number): number {
  return counts.reduce((sum, [one, count]) => (one > after && one <= end ? sum + count : sum), 0);
}
