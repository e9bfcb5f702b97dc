import type { Report } from './run.ts';

/** What was fired, what came back, and what is wrong. */
export function reportText(report: Report): string {
  const { outcomes, requests, durationMs, faults, faultsAll, heapBefore, heapAfter, aftermath } = report;
  const rows = [...outcomes]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, counts]) => `  ${name.padEnd(26)}${sum(counts).padStart(7)}  ${top(counts)}`);
  const rate = Math.round((requests / durationMs) * 1_000);
  return [
    `${requests} hostile requests in ${(durationMs / 1_000).toFixed(1)} s, ${rate} a second`,
    ...rows,
    `memory in use after collection: ${megabytes(heapBefore)} after a tenth, ${megabytes(heapAfter)} at the end`,
    ...faults.map(({ name, what, fault }) => `WRONG  ${name}: ${JSON.stringify(what)}: ${fault}`),
    ...(faultsAll > faults.length ? [`... and ${faultsAll - faults.length} more`] : []),
    ...aftermath.map((finding) => `AFTERWARDS  ${finding}`),
    `wrong answers: ${faultsAll}, afterwards: ${aftermath.length}`,
  ].join('\n');
}

function sum(counts: ReadonlyMap<string, number>): string {
  return String([...counts.values()].reduce((total, count) => total + count, 0));
}

function top(counts: ReadonlyMap<string, number>): string {
  const named = [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([outcome, count]) => `${outcome} ${count}`);
  return named.length <= 5 ? named.join(', ') : `${named.slice(0, 5).join(', ')}, ${named.length - 5} others`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
