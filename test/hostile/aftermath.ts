import { smuggledId } from './classes/wire.ts';
import type { Caller, World } from './world.ts';

/** Whether the cell is as it should be: it trades, its books balance, nobody got anything, and the log says nothing it must not. */
export async function aftermath(world: World): Promise<readonly string[]> {
  return [
    ...(await tradesOn(world)),
    ...(await balances(world)),
    ...(await nothingSmuggled(world)),
    ...(await nothingGained(world)),
    ...logFindings(world),
  ];
}

async function tradesOn({ cell, key }: World): Promise<readonly string[]> {
  const findings: string[] = [];
  for (const name of ['first', 'second'] as const) {
    const { status, body } = await cell.place({ client_order_id: `afterwards-${name}` }, key(name));
    if (status !== 200)
      findings.push(`an ordinary order of ${name} gets ${status} ${String(body['reason'])}`);
  }
  return findings;
}

async function balances({ cell, key }: World): Promise<readonly string[]> {
  const { status, body } = await cell.ask(key('auditor'), 'GET /v1/reconcile');
  return status === 200 && body['differences'] === 0
    ? []
    : [`reconcile: ${status} ${JSON.stringify(body).slice(0, 300)}`];
}

async function nothingSmuggled({ cell, key }: World): Promise<readonly string[]> {
  const path = `GET /v2/orders:by_client_order_id?client_order_id=${smuggledId}`;
  const { status } = await cell.ask(key('first'), path);
  return status === 404 ? [] : ['a smuggled order was placed'];
}

/** The strangers' things are as they were, and nobody has a key, an approval or an account they had not. */
async function nothingGained({ cell, key, theirs }: World): Promise<readonly string[]> {
  const ask = (caller: Caller, route: string) => cell.ask(key(caller), route);
  const order = await ask('second', `GET /v2/orders/${theirs.orderId}`);
  const approval = await ask('auditor', `GET /v1/approvals/${theirs.approvalId}`);
  const keys = await ask('auditor', 'GET /v1/keys');
  const issued = keys.list.filter(({ issued_by }) => issued_by !== 'demo-seed').length;
  const switches = await ask('auditor', 'GET /v1/kill-switches');
  return [
    ...(['pending_new', 'new'].includes(String(order.body['status'])) && order.body['qty'] === '7'
      ? []
      : ["the stranger's order was touched"]),
    ...(approval.body['status'] === 'requested' ? [] : ['the approval was decided']),
    ...(issued === issuedKeys ? [] : [`${issued} keys were issued, not ${issuedKeys}`]),
    ...(switches.body['version'] === 0 ? [] : ['a kill switch was thrown']),
  ];
}

/** Operator, risk, auditor, venue, and the one that was revoked. */
const issuedKeys = 5;

function logFindings({ log, key }: World): readonly string[] {
  const secrets = (['first', 'second', 'administrator', 'revoked'] as const).map((name) => key(name).secret);
  const broken = log.filter((line) => !isLine(line));
  const failed = log.filter((line) => line.includes('"ERROR"'));
  const telling = log.filter((line) => secrets.some((secret) => line.includes(secret)));
  return [
    ...broken.slice(0, 3).map((line) => `a log line that is none: ${line.slice(0, 200)}`),
    ...failed.slice(0, 3).map((line) => `an error in the log: ${line.slice(0, 600)}`),
    ...(telling.length > 0 ? [`${telling.length} log lines with a secret`] : []),
  ];
}

function isLine(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    // Told by the caller.
    return false;
  }
}
