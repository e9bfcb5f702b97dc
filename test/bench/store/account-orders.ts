import { orderStream } from '../../../domain/order/effects.ts';
import type { ConsumedCapacityMeter } from '../../support/consumed-capacity.ts';
import { short, table } from '../table.ts';
import { billOf } from './contestant.ts';
import { commandsEach, writers } from './contention.ts';
import { buy, client, contextFor, openAccount, type Trading } from './trading.ts';

export interface Placements {
  readonly accepted: number;
  readonly failed: readonly string[];
}

/** Every order of eight processes is for one account; six of ten transactions are refused with a conflict at first. */
export async function contendedAccount(
  trading: Trading,
  meter: ConsumedCapacityMeter,
  faulty: { isOn: boolean },
): Promise<{ readonly text: string; readonly placements: Placements }> {
  const accountId = await openAccount(trading, 1_000_000_000_000);
  const failed: string[] = [];
  const tookMs: number[] = [];
  const write = async (): Promise<void> => {
    const orders = trading.otherOrders();
    for (let turn = 0; turn < commandsEach; turn += 1) {
      const command = buy(accountId, 100);
      const startMs = performance.now();
      try {
        const context = { ...contextFor(client, command.clientOrderId), expectNew: true };
        const placed = await orders.handle(orderStream(command.orderId), command, context);
        if (placed.state.kind === 'order') tookMs.push(performance.now() - startMs);
        else failed.push(placed.state.kind);
      } catch (error) {
        failed.push(String(error));
      }
    }
  };
  faulty.isOn = true;
  const bill = await billOf(meter, async () => Promise.all(Array.from({ length: writers }, write)));
  faulty.isOn = false;
  const slowest = Math.max(0, ...tookMs);
  const numbers = [tookMs.length, failed.length, bill.requests, bill.writeUnits, slowest];
  const columns = ['store', 'accepted', 'failed', 'requests', 'write units', 'slowest ms of 3,000'];
  const title = `${writers} writers with ${commandsEach} orders each on one account, 60 % of transactions in conflict`;
  return {
    text: table(title, columns, [['ordercell', ...numbers.map(short)]]),
    placements: { accepted: tookMs.length, failed },
  };
}
