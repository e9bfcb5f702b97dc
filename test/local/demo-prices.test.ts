import { afterEach, expect, test } from 'vitest';
import { DemoPrices } from '../../local/demo-prices.ts';
import { systemContext } from '../../local/system-context.ts';
import { startTestCell, type TestCell } from '../support/cell.ts';

let cell: TestCell | undefined;

afterEach(async () => {
  await cell?.stop();
  cell = undefined;
});

/** The price of ALFA half a day and more after `source` has said it, once the demo has looked after its prices. */
async function restated(venue: 'internal' | 'off', source: 'venue' | 'operator') {
  cell = await startTestCell({ venue });
  const { dependencies } = cell.cell;
  const { prices, clock } = dependencies;
  await prices.set('ALFA', '97.25', source, systemContext('test', clock));
  cell.clock.set('2026-11-24T05:00:00Z');
  const failures: unknown[] = [];
  await new DemoPrices(dependencies, { ALFA: '100.00' }, (error) => failures.push(error)).restate();
  expect(failures).toEqual([]);
  return prices.quote('ALFA', systemContext('test', clock).deadline);
}

test('the last trade of the own book stays what the demo says an instrument is worth', async () => {
  expect(await restated('internal', 'venue')).toMatchObject({ price: '97.25', source: 'demo' });
});

test('what an operator or another market has said is left to grow old', async () => {
  expect(await restated('internal', 'operator')).toMatchObject({ price: '97.25', source: 'operator' });
  await cell?.stop();
  expect(await restated('off', 'venue')).toMatchObject({ price: '97.25', source: 'venue' });
});
