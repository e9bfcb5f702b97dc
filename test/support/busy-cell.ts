import { SqliteEventStore } from '../../platform/event-store/sqlite.ts';
import { Desk, newName } from './desk.ts';
import { execution } from './order.ts';

/** Trades on the folder named first, without a pause, until it is killed. Says `busy` once it has begun. */
const [folder = ''] = process.argv.slice(2);
const desk = new Desk(new SqliteEventStore(folder));

async function trade(): Promise<never> {
  const accountId = await desk.account(100_000_000_000);
  for (let round = 0; ; round += 1) {
    const { orderId } = await desk.place(accountId);
    await desk.report(orderId, execution(newName('e'), 10));
    if (round === 0) console.log('busy');
  }
}

await Promise.all([trade(), trade(), trade()]);
