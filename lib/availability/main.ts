import {
  composed,
  deathsAYear,
  fiveNinesSeconds,
  anyOf,
  paths,
  promised,
  secondsDown,
} from './availability.ts';
import { printOrHelp } from '../printing.ts';

const usage = `Prints what the promises of AWS's services come to for each path, against 99.999 %, and what our own recovery does.

  npm run availability

It takes no options but --help.
`;

/** The slowest of 50 starts after a loss of power under load, `npm run crash -- --power 50`, see docs/speed.md. */
const recoverySeconds = 1.465;

const percent = (share: number) => `${(share * 100).toLocaleString('en-US', { maximumFractionDigits: 5 })} %`;
const whole = (count: number) => Math.round(count).toLocaleString('en-US');

function print(): void {
  console.log(`99.999 % of a year leave ${whole(fiveNinesSeconds)} seconds.\n`);
  console.log('In the cloud, one cell in one region, from what AWS promises for each service:');
  for (const path of paths) {
    const share = composed(path);
    const parts = path.needs.map((service) => `${service} ${percent(promised[service])}`).join(', ');
    console.log(`  ${path.what}: ${percent(share)}, ${whole(secondsDown(share))} seconds a year (${parts})`);
    console.log(`    when one fails: ${path.without}`);
  }
  const placing = paths.flatMap((path) => (path.what.startsWith('place') ? [composed(path)] : []));
  for (const share of placing) {
    const two = anyOf(share, 2);
    console.log(`
99.999 % IS NOT REACHED by one cell: its services promise ${percent(share)}, ${whole(secondsDown(share) / fiveNinesSeconds)} times the seconds there are.
Two independent cells are both down ${whole(secondsDown(two))} seconds a year (${percent(two)}): so much for who may place with either. An account lives in one cell and
cannot be moved yet, so for that account it stays ${percent(share)}.`);
  }
  console.log(`
On one machine: ready again ${recoverySeconds} seconds after a loss of power at most, so ${whole(deathsAYear(recoverySeconds))} deaths a year are within five nines. The machine, its power, its disk
and its network are not in that number.`);
}

printOrHelp(usage, print);
