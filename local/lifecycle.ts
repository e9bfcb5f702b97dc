import { readFileSync } from 'node:fs';
import { argv, exit, stderr, stdout } from 'node:process';
import type { FixReport } from '../domain/order/fix-reports.ts';
import { readLines, Unreadable } from './lifecycle/input.ts';
import { Lifecycle } from './lifecycle/lifecycle.ts';
import { unreadableFile } from './unreadable-file.ts';

const usage = `usage: npm run --silent lifecycle -- FILE.jsonl

Feeds one order through the rules of this product and prints, for every line of the file, one line: the JSON list of the
reports a FIX counterparty would get. Field names and values are those of FIX 4.4; a field that does not apply is null.

  {"do":"new","clOrdID":"X","orderQty":10000,"timeInForce":"Day"}     also: side, ordType, price, stopPx
  {"do":"cancel","clOrdID":"Y","origClOrdID":"X"}
  {"do":"replace","clOrdID":"Y","origClOrdID":"X","orderQty":12000}   also: price
  {"do":"execute","execID":"A","lastQty":2000,"lastPx":50.25}
  {"do":"bust","execRefID":"A"}
  {"do":"correct","execRefID":"A","execID":"B","lastQty":1500,"lastPx":50.25}
  {"do":"restate","orderQty":9000}                                    also: price, text
  {"do":"stop","lastQty":1000,"lastPx":50.10}
  accept, reject, confirm-cancel, reject-cancel, confirm-replace, reject-replace (text), cancel-unsolicited,
  done-for-day, resume, expire, suspend, calculate, trigger, status

A line that makes no sense in the state is answered with a report whose text says why, and the next line is read.
A file with a line that is no JSON object with a "do" is not begun: exit 2, naming the line. Empty lines are skipped.`;

/** Every field the format names, always; then those that say more. */
function shown(report: FixReport): object {
  const { msgType, ordStatus, clOrdID, origClOrdID, ...rest } = report;
  const base = {
    msgType,
    execType: null,
    ordStatus,
    clOrdID: clOrdID || null,
    origClOrdID: origClOrdID ?? null,
  };
  const quantities = { orderQty: null, cumQty: null, leavesQty: null, lastQty: null };
  if (report.msgType === 'OrderCancelReject') return { ...base, ...quantities, ...rest };
  const { orderQty, cumQty, leavesQty, lastQty, lastPx } = report;
  return {
    ...base,
    ...rest,
    orderQty: Number(orderQty),
    cumQty: Number(cumQty),
    leavesQty: Number(leavesQty),
    lastQty: Number(lastQty),
    ...(lastPx !== undefined && { lastPx: Number(lastPx) }),
  };
}

function main(path: string): void {
  const lines = readLines(readFileSync(path, 'utf8'));
  const lifecycle = new Lifecycle(lines);
  for (const line of lines) stdout.write(`${JSON.stringify(lifecycle.apply(line).map(shown))}\n`);
}

const [path, ...others] = argv.slice(2);
if (path === '--help' || path === '-h') {
  stdout.write(`${usage}\n`);
} else if (path === undefined || others.length > 0) {
  stderr.write(`${usage}\n`);
  exit(2);
} else {
  try {
    main(path);
  } catch (error) {
    const unreadable = error instanceof Unreadable ? error.message : unreadableFile(path, error);
    if (unreadable === undefined) throw error;
    stderr.write(`${unreadable}\n`);
    exit(2);
  }
}
