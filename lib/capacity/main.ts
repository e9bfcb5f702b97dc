import { readsAtOnce } from '../../platform/ledger/reads-at-once.ts';
import { assumed } from '../cost/cost.ts';
import { record } from '../cost/counted.ts';
import { BadArgument, runPrinting, typed } from '../printing.ts';
import { capacityFor, type Need } from './capacity.ts';
import { type QuotaRegion, quotas } from './quotas.ts';

const usage = `Prints what so many orders a day need of a region, and what bounds them.

  npm run capacity -- [options]

  --orders-per-day N    how many orders are placed in a day (default 200000000)
  --hours N             how many hours they come in (default 8)
  --peak N              the busiest second, as a multiple of the mean one (default 5)
  --region REGION       whose quotas: ${Object.keys(quotas).join(' or ')} (default us-east-1)
  --help                this text
`;

const defaults = { 'orders-per-day': '200000000', hours: '8', peak: '5' } as const;
type Amount = keyof typeof defaults;

function positive(name: Amount, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new BadArgument(`--${name} is a number above 0, e.g. --${name} ${defaults[name]}, not "${text}"`);
}

function regionOf(text: string): QuotaRegion {
  for (const name of ['us-east-1', 'eu-central-1'] as const) if (text === name) return name;
  const known = Object.keys(quotas).join(' or ');
  throw new BadArgument(`--region is ${known}, whose quotas are on record, not "${text}"`);
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
  const values = typed({
    'orders-per-day': { type: 'string', default: defaults['orders-per-day'] },
    hours: { type: 'string', default: defaults.hours },
    peak: { type: 'string', default: defaults.peak },
    region: { type: 'string', default: 'us-east-1' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return console.log(usage);
  const demand = {
    ordersPerDay: positive('orders-per-day', values['orders-per-day']),
    tradingHours: positive('hours', values.hours),
    peak: positive('peak', values.peak),
    region: regionOf(values.region),
  };
  const { peakPerSecond, needs, bounds, ordersReconciled, cellsAsGiven } = capacityFor(demand, record);
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
    `  the daily reconciliation: ${whole(ordersReconciled)} orders in the log (one function's time, ${readsAtOnce} requests at once, nobody trading meanwhile)`,
  );
  console.log(
    `\nIndependent cells, each in an AWS account with the quotas as they are given: ${whole(cellsAsGiven)}.`,
  );
}

runPrinting(print);
