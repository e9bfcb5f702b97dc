import { expect, test } from 'vitest';
import { orderStream } from '../../../domain/order/effects.ts';
import { worseBy } from '../../../domain/risk/checks.ts';
import { price } from '../../../domain/values/price.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { checkedConfig } from '../../../platform/hot-config/check.ts';
import { configHistory, documentsOf } from '../../../platform/hot-config/config-history.ts';
import { readDecidedUnder } from '../../../platform/hot-config/decided-under.ts';
import type { HotConfigDocument } from '../../../platform/hot-config/schema.ts';
import { configWith, startTestCell, type TestCell } from '../../support/cell.ts';

const changes = 200;
const clients = 8;
const reference = price(10_000);

/** Three things that one order's decision depends on, far apart in the document, all told by one number. */
const documentOf = (n: number) =>
  configWith({
    'fees.default': { ratePpm: 0, perLotMicros: 0, minimum: n },
    'instruments.0.collarPpm': 10_000 + n * 100,
    'limits.accounts.default.orderQuantityMax': String(5 + (n % 2) * 10),
    'limits.accounts.default.openOrdersMax': 'unlimited',
    'limits.accounts.default.dayNotionalMax': { USD: 'unlimited' },
  });

async function keepPlacing(cell: TestCell, isOver: () => boolean): Promise<readonly string[]> {
  const streams: string[] = [];
  while (!isOver()) {
    const qty = streams.length % 2 === 0 ? '10' : '3';
    const { body } = await cell.place({ type: 'market', limit_price: null, qty });
    streams.push(String(body['id'] ?? body['reason']));
  }
  return streams;
}

/** What the commit says, and what its version of the config would have said. */
function decision({ events }: Commit) {
  const [{ type, data }] = events;
  if (type === 'OrderDenied') return { limit: data['limit'] };
  const { fees, terms } = data as { fees: { minimum: number }; terms: { protectionPrice: number } };
  return { minimum: fees.minimum, protectionPrice: terms.protectionPrice };
}

function expected({ events }: Commit, document: HotConfigDocument) {
  const [first] = document.instruments;
  if (events[0].type === 'OrderDenied') {
    return { limit: document.limits.accounts.default.orderQuantityMax };
  }
  const protectionPrice = worseBy(reference, first?.collarPpm ?? 0, 'buy');
  return { minimum: document.fees.default.minimum, protectionPrice };
}

test('two hundred changes under load: every order is decided under one config, and entirely', async () => {
  const cell = await startTestCell({ config: documentOf(0) });
  try {
    const { dependencies } = cell.cell;
    const { store, clock, config } = dependencies;
    let isOver = false;
    const placing = Array.from({ length: clients }, () => keepPlacing(cell, () => isOver));
    for (let n = 1; n <= changes; n += 1) {
      const context = { actor: { kind: 'operator', id: 'ann' } as const, deadline: deadlineIn(5_000, clock) };
      expect(await config.change({ document: documentOf(n) }, context)).toMatchObject({ outcome: 'changed' });
      // Between two changes orders get their turn.
      await cell.place({ type: 'market', limit_price: null });
    }
    isOver = true;
    await Promise.all(placing);
    const deadline = deadlineIn(15_000, clock);
    const history = documentsOf(await configHistory(store, 'local', deadline));
    const configs = new Map(
      history.map(({ version, document }) => [version, checkedConfig(document).config.document]),
    );
    const seen = new Map<string, number>();
    for await (const { stream } of store.heads(() => deadline)) {
      if (!stream.startsWith(orderStream(''))) continue;
      const [placed] = await store.read(stream, 1, deadline);
      if (!placed) throw new TypeError('an order has a first commit');
      const { config: version } = readDecidedUnder(placed.config ?? '');
      const document = configs.get(version);
      expect(document && decision(placed), version).toEqual(document && expected(placed, document));
      expect(document, `${version} is on record`).toBeDefined();
      seen.set(version, (seen.get(version) ?? 0) + 1);
    }
    const orders = [...seen.values()].reduce((sum, count) => sum + count, 0);
    expect(seen.size).toBeGreaterThan(changes / 2);
    console.log(`${changes} changes: ${orders} orders decided under ${seen.size} configs, each entirely`);
  } finally {
    await cell.stop();
  }
}, 60_000);
