import { afterAll, beforeAll, describe } from 'vitest';
import { type ViewAdapter, ViewBench } from './view-bench.ts';
import { activityContract } from './views-activities.ts';
import { orderListContract } from './views-orders.ts';
import { positionContract } from './views-positions.ts';
import { viewWriteContract } from './views-writes.ts';

/** Every rule that views keep, whatever they are made of. */
export function viewContract(name: string, adapter: ViewAdapter): void {
  describe(`${name} as views`, () => {
    const bench = new ViewBench(adapter);
    beforeAll(() => bench.open());
    afterAll(() => bench.log.close());
    orderListContract(bench);
    positionContract(bench);
    activityContract(bench);
    viewWriteContract(bench);
  });
}
