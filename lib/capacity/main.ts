import { parseArgs } from 'node:util';
import { assumed } from '../cost/cost.ts';
import { record } from '../cost/counted.ts';
import { capacityFor, type Need } from './capacity.ts';
import { type QuotaRegion, quotas } from './quotas.ts';

/** Prints what so many orders a day need of a region, and what bounds them. */
const { values } = parseArgs({
  options: {
    'orders-per-day': { type: 'string', default: '200000000' },
    hours: { type: 'string', default: '8' },
    peak: { type: 'string', default: '5' },
    region: { type: 'string', default: 'us-east-1' },
  },
});

class BadArgument extends Error {}

function positive(name: 'orders-per-day' | 'hours' | 'peak'): number {
  const value = Number(values[name]);
  if (Number.isFinite(value) && value > 0) return value;
  throw new BadArgument(`--${name} is ${values[name]}: give a number above 0, for example --${name} 8`);
}

function regionAsked(): QuotaRegion {
  const known = Object.keys(quotas);
  for (const name of ['us-east-1', 'eu-central-1'] as const) if (values.region === name) return name;
  throw new BadArgument(
    `--region is ${values.region}: the quotas on record are those of ${known.join(' and ')}`,
  );
}

function whole(count: number): string {
  return Math.ceil(count).toLocaleString('en-US');
}

function verdict({ needed, quota }: Need): string {
  if (quota === undefined) return '';
  return needed <= quota
    ? `within ${whole(quota)}`
    : `RAISE ${whole(quota)} to ${whole(needed * 1.5)} (half as much again)`;
}

function print(): void {
  const demand = {
    ordersPerDay: positive('orders-per-day'),
    tradingHours: positive('hours'),
    peak: positive('peak'),
    region: regionAsked(),
  };
  const { peakPerSecond, needs, bounds, cellsAsGiven } = capacityFor(demand, record);
  console.log(
    `${whole(demand.ordersPerDay)} orders a day within ${demand.tradingHours} hours, the busiest second ${demand.peak} times their mean: ${whole(peakPerSecond)} orders a second in ${demand.region}.`,
  );
  console.log(
    `Each is filled whole by our own venue; ${assumed.commandMs} ms a command and ${assumed.requestMs} ms a request are assumed, the rest is counted.\n`,
  );
  for (const need of needs)
    console.log(
      `  ${need.what.padEnd(34)} ${whole(need.needed).padStart(12)} ${need.unit.padEnd(18)} ${verdict(need)}`,
    );
  console.log('\nWhat no quota helps with:');
  for (const { what, ordersPerSecond, by } of bounds)
    console.log(`  ${what}: ${whole(ordersPerSecond)} orders a second (${by})`);
  console.log(
    `\nIndependent cells, each in an AWS account with the quotas as they are given: ${whole(cellsAsGiven)}.`,
  );
}

try {
  print();
} catch (error) {
  if (!(error instanceof BadArgument)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
