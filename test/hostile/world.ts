import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCell } from '../../local/cell.ts';
import type { DemoKey } from '../../local/demo.ts';
import { jsonLine, LineLog } from '../../platform/telemetry/line-log.ts';
import { noTracer } from '../../platform/telemetry/silent.ts';
import { Desk } from '../functions/api/desk.ts';
import { configWith, TestCell, tradingHours } from '../support/cell.ts';
import { SettableClock } from '../support/settable-clock.ts';

export type Caller =
  | 'first'
  | 'second'
  | 'administrator'
  | 'operator'
  | 'risk'
  | 'auditor'
  | 'venue'
  | 'revoked';

/** What belongs to the second account, and must not show wherever only the first one asks. */
export interface Theirs {
  readonly accountId: string;
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly transferId: string;
  readonly approvalId: string;
}

/** A cell with two strangers in it, and everybody else's keys. */
export interface World {
  readonly cell: TestCell;
  readonly port: number;
  readonly theirs: Theirs;
  /** An order and a transfer key of the first account, used up. */
  readonly ours: { readonly orderId: string; readonly clientOrderId: string; readonly transferKey: string };
  readonly log: readonly string[];
  readonly key: (caller: Caller) => DemoKey;
  stop(): Promise<void>;
}

/** Only the last lines are kept, but of every line it is known what must not be in it. */
const linesMax = 200_000;

export async function startWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  const clock = new SettableClock(tradingHours);
  const log: string[] = [];
  const write = (text: string) => {
    log.push(...text.split('\n').filter((line) => line !== ''));
    if (log.length > linesMax) log.splice(0, log.length - linesMax);
  };
  const lines = new LineLog(write, jsonLine('ordercell'));
  const started = await startCell({
    store: { kind: 'sqlite', folder },
    port: 0,
    clock,
    config: configWith(withoutRateLimits),
    telemetry: { log: lines, tracer: noTracer },
  });
  const cell = new TestCell(started, clock);
  const keys = await keysOf(cell);
  const key = (caller: Caller): DemoKey => {
    const found = keys.get(caller);
    if (!found) throw new TypeError(`nobody is ${caller}`);
    return found;
  };
  return {
    cell,
    port: Number(new URL(cell.address).port),
    ...(await belongings(cell)),
    log,
    key,
    stop: async () => {
      await cell.stop();
      lines.flush();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Most of what is sent here would meet nothing else. */
const withoutRateLimits = {
  'rateLimits.default': 'unlimited',
  'rateLimits.failedAuthentication': 'unlimited',
};

async function keysOf(cell: TestCell): Promise<ReadonlyMap<Caller, DemoKey>> {
  const keys = new Map<Caller, DemoKey>();
  for (const name of ['first', 'second', 'administrator'] as const) keys.set(name, cell.key(name));
  for (const role of ['operator', 'risk', 'auditor'] as const)
    keys.set(role, await cell.issue({ role, person_id: role }));
  keys.set('venue', await cell.issue({ role: 'venue', venue_id: 'YSIM', person_id: 'connector' }));
  const revoked = await cell.issue({ role: 'operator', person_id: 'leaver' });
  await cell.ask(cell.key('administrator'), `DELETE /v1/keys/${revoked.keyId}`);
  return keys.set('revoked', revoked);
}

async function belongings(cell: TestCell): Promise<Pick<World, 'theirs' | 'ours'>> {
  const desk = new Desk(cell);
  const names = { theirs: 'theirs-and-nobody-elses', ours: 'ours-once' };
  const their = await cell.place({ client_order_id: names.theirs, qty: '7' }, cell.key('second'));
  const our = await cell.place({ client_order_id: names.ours });
  const accountId = cell.key('second').accountId ?? '';
  const transfers = `POST /v1/accounts/${accountId}/transfers`;
  const transfer = await desk.ask(transfers, { direction: 'INCOMING', amount: '1234.56' }, 'theirs');
  const large = await desk.ask(transfers, { direction: 'INCOMING', amount: '2000000' }, 'large');
  await desk.transfer({ amount: '1' }, 'ours');
  return {
    theirs: {
      accountId,
      orderId: String(their.body['id']),
      clientOrderId: names.theirs,
      transferId: String(transfer.body['id']),
      approvalId: desk.approvalId(large.body),
    },
    ours: { orderId: String(our.body['id']), clientOrderId: names.ours, transferKey: 'ours' },
  };
}
