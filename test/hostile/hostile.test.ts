import { expect, test } from 'vitest';
import { bombard } from './run.ts';
import { classes } from './classes.ts';
import { reportText } from './report-text.ts';

/** `npm run hostile` sends as many as it is told; CI ten thousand. */
const requests = 1_000;
const growthMax = 16 * 1024 * 1024;

test('a thousand hostile requests get a documented refusal each, and leave nothing behind', {
  timeout: 180_000,
}, async () => {
  const report = await bombard({ requests, seed: 'thousands' });
  console.log(reportText(report));
  expect(report.faults).toEqual([]);
  expect(report.aftermath).toEqual([]);
  expect([...report.outcomes.keys()].toSorted()).toEqual(Object.keys(classes).toSorted());
  expect(report.heapAfter - report.heapBefore).toBeLessThan(growthMax);
});
