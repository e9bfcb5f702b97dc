import { afterAll, beforeAll, expect, test } from 'vitest';
import { verify } from '../../../local/verify/check.ts';
import type { EvidenceFile } from '../../../local/verify/evidence-file.ts';
import { lifeText } from '../../../local/verify/life.ts';
import { Desk } from '../../functions/api/desk.ts';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { type Change, evidenceText, forged, resealed } from './evidence-story.ts';

let cell: TestCell;
let id: string;
let file: EvidenceFile;

/** Bought in the cell's own book from another account, before and after a limit was raised by two people; one trade is corrected, one busted. */
beforeAll(async () => {
  cell = await startTestCell({ venue: 'internal' });
  const desk = new Desk(cell);
  const second = cell.key('second');
  const settled = () => cell.cell.market?.drained();
  const shares = { direction: 'INCOMING', symbol: 'ALFA', qty: '100' };
  await desk.ask(`POST /v1/accounts/${second.accountId}/transfers`, shares, 'shares');
  await cell.place({ qty: '4', side: 'sell' }, second);
  await settled();
  const { body } = await cell.place({ qty: '10' });
  id = String(body['id']);
  const changes = { limits: { accounts: { default: { openOrdersMax: 50_000 } } } };
  const asked = await desk.ask('PATCH /v1/config', { changes, reason: 'more to do' });
  await desk.second(`POST /v1/approvals/${desk.approvalId(asked.body)}/approve`);
  await settled();
  await cell.ask(cell.key('first'), `PATCH /v2/orders/${id}`, { body: { qty: '9' } });
  await settled();
  await cell.place({ qty: '3', side: 'sell' }, second);
  await settled();
  file = JSON.parse(await evidenceText(cell, id));
});
afterAll(() => cell.stop());

const findingsOf = (content: EvidenceFile) => verify(JSON.stringify(content)).findings;
const book = () => file.streams.find(({ stream }) => stream === 'book-ALFA');

test('of the book there is only what the order points to, and everything fits', () => {
  expect(findingsOf(file)).toEqual([]);
  expect(file.order).toMatchObject({ filled_lots: 7, status: 'partially_filled' });
  expect(book()).toMatchObject({ extent: 'part' });
  const { checked } = verify(JSON.stringify(file));
  expect(checked && lifeText(checked)).toMatch(/OrderExecuted: execution ALFA-\d+-\d+-B, 4 at 100\.00;/);
});

test('both configs are there with their difference, who changed it and why, and who approved', () => {
  const [before, after] = file.configs;
  expect(file.config_changes).toEqual([
    {
      from: before?.version,
      to: after?.version,
      patch: [{ op: 'replace', path: '/limits/accounts/default/openOrdersMax', value: 50_000 }],
    },
  ]);
  const config = file.streams.find(({ stream }) => stream === 'config-local');
  expect(config?.commits.map(({ version }) => version)).toEqual([1, 2]);
  const { checked } = verify(JSON.stringify(file));
  const life = checked ? lifeText(checked) : '';
  expect(life).toContain('ConfigChanged: because more to do; by administrator; approval ');
  expect(life).toContain('ApprovalGranted: by colleague');
});

test.each<readonly [string, Change, string]>([
  [
    'a fill of another size',
    (data) => Object.assign(data, { lastQuantity: 5 }),
    'OrderExecuted says lastQuantity 5, book-ALFA version',
  ],
  [
    'a fill at another price',
    (data) => Object.assign(data, { lastPrice: 1 }),
    'OrderExecuted says lastPrice 1, book-ALFA version',
  ],
  [
    'a fill of another trade',
    (data) => Object.assign(data, { executionId: 'ALFA-1-1-B' }),
    'says executionId ALFA-1-1-B, book-ALFA version',
  ],
  [
    'liquidity that was not so',
    (data) => Object.assign(data, { liquidity: 'added' }),
    'says liquidity added, book-ALFA version',
  ],
])('%s is not what the book says', (_what, change, said) => {
  const commit = commitOf('OrderExecuted');
  const findings = findingsOf(
    forged(file, { [`order-${id} version ${commit}`]: (all) => change(eventOf(all, 'OrderExecuted')) }),
  );
  expect(findings.map(({ what }) => what).join('\n')).toContain(said);
});

test('without the book, or with a trade of other orders in it, nothing shows that anything was traded', () => {
  const streams = file.streams.filter(({ stream }) => stream !== 'book-ALFA');
  const missing = findingsOf(resealed({ ...file, streams })).map(({ what }) => what);
  expect(
    missing.filter((what) => /points to book-ALFA version \d+, which is missing/.test(what)).length,
  ).toBeGreaterThan(1);
  const rename: Change = (commit) => {
    const text = JSON.stringify(commit).replaceAll(`"buyOrderId":"${id}"`, '"buyOrderId":"somebody"');
    Object.assign(commit, JSON.parse(text));
  };
  const changes = Object.fromEntries(
    (book()?.commits ?? []).map(({ version }) => [`book-ALFA version ${version}`, rename]),
  );
  const renamed = findingsOf(forged(file, changes)).map(({ what }) => what);
  expect(renamed.join('\n')).toMatch(
    /OrderExecuted points to book-ALFA version \d+, \d+, which reports nothing of it/,
  );
});

function commitOf(type: string): number {
  const own = file.streams.find(({ stream }) => stream === `order-${id}`);
  return own?.commits.find(({ text }) => text.includes(`"type":"${type}"`))?.version ?? 0;
}

function eventOf(commit: Record<string, unknown>, type: string): Record<string, unknown> {
  const events: readonly Record<string, unknown>[] = Object(commit['events']);
  return Object(events.find((event) => event['type'] === type)?.['data']);
}
