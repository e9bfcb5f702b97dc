import { assumed, beside, besideLife, core, fullLife, type Line, reconciling, total } from './cost.ts';
import { record } from './counted.ts';
import { prices } from './prices.ts';
import { printOrHelp } from '../printing.ts';

const usage = `Prints what a million orders cost in the cloud, line by line: what was counted, times the list price.

  npm run cost

It takes no options but --help.
`;

const aimUsd = 8;

function print(title: string, lines: readonly Line[]): void {
  console.log(`\n${title}`);
  for (const { what, count, unit, usd } of lines)
    console.log(
      `  ${what.padEnd(34)} ${amount(count).padStart(12)} ${unit.padEnd(11)} ${cents(usd).padStart(7)}`,
    );
  console.log(
    `  ${'together'.padEnd(34)} ${''.padStart(12)} ${'USD'.padEnd(11)} ${cents(total(lines)).padStart(7)}`,
  );
}

function cents(usd: number): string {
  return usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function amount(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: count < 100 ? 2 : 0 });
}

function printAll(): void {
  const placing = core(record);
  const besides = beside(record);
  const life = fullLife(record);
  console.log(`USD for a million placed orders, list prices of ${prices.region}.`);
  console.log(
    `Counted for ${record.orders} orders that are all filled whole, see lib/cost/counted.ts; full batches.`,
  );
  console.log(
    `Assumed, not measured: ${assumed.commandMs} ms for a command, ${assumed.callMs} ms for a consumer's call and ${assumed.requestMs} ms for each of its requests.`,
  );
  print('Core: placed, on the bus, and two subscribers called', placing);
  print('Beside it: trail, archive, logs, traces, keys and storage', besides);
  print('Full life: acknowledged, executed, settled, listed, every consumer', life);
  print('Every day, for a million orders in the log: the reconciliation', reconciling(record));

  const coreUsd = total(placing);
  const slower = core(record, { ...assumed, commandMs: assumed.commandMs + 10 });
  console.log(`
core      ${cents(coreUsd)} USD a million (aim: at most ${cents(aimUsd)}, ${coreUsd <= aimUsd ? 'met' : 'MISSED'})
all-in    ${cents(coreUsd + total(besides))}
full life ${cents(total(life))}, ${cents(total(life) + total(besideLife(record)))} with what is beside it
Each 10 ms that a command takes longer: ${cents(total(slower) - coreUsd)} more.
Not in it: what is paid whether orders come or not (alarms, keys, dashboards), reads by clients, webhooks, data leaving the region.`);
}

printOrHelp(usage, printAll);
