import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { Desk } from './desk.ts';

let cell: TestCell;
let desk: Desk;

beforeAll(async () => {
  cell = await startTestCell();
  desk = new Desk(cell);
});
afterAll(() => cell.stop());

/** Does something once the order of a request was found, and before anything is decided on it. */
function afterFinding(work: () => Promise<unknown>): void {
  const { orders } = cell.cell.dependencies;
  const load = orders.load.bind(orders);
  orders.load = async (stream, deadline) => {
    const loaded = await load(stream, deadline);
    orders.load = load;
    await work();
    return loaded;
  };
}

test.each([
  ['replace', 'PATCH', { qty: '14' }],
  ['cancel', 'DELETE', undefined],
] as const)('a %s of an id that is left behind just then is stale', async (_what, method, body) => {
  const { body: placed } = await cell.place();
  const id = String(placed['id']);
  const key = cell.key('first');
  await desk.report(id, { report: 'accept' });
  await cell.ask(key, `PATCH /v2/orders/${id}`, { body: { qty: '12' } });
  afterFinding(() => desk.report(id, { report: 'confirm-replace' }));

  const answer = await cell.ask(key, `${method} /v2/orders/${id}`, body && { body });

  expect(answer.body['reason']).toBe('original_id_stale');
});
