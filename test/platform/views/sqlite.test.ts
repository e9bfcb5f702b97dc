import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { feedStart } from '../../../platform/event-store/feed.ts';
import { SqliteEventStore } from '../../../platform/event-store/sqlite.ts';
import { emptyFold } from '../../../platform/views/order-row.ts';
import { viewProjection } from '../../../platform/views/projection.ts';
import { SqliteViews } from '../../../platform/views/sqlite.ts';
import { viewContract } from '../../contract/views.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-views-'));
const store = new SqliteEventStore(join(folder, 'views'));
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

viewContract('SQLite', { open: () => SqliteViews.open(store) });

describe('the place in the feed', () => {
  test('is saved with the effects, and not without all of them', async () => {
    const views = await SqliteViews.open(store);
    const advance = { stream: 'order-marked', from: 0, to: 1, memory: emptyFold, effects: [] };
    expect(await views.write([advance], undefined, '7')).toEqual(['written']);
    expect(await store.cursor(viewProjection.name)).toBe('7');
    const other = { ...advance, stream: 'order-other' };
    expect(await views.write([other, advance], undefined, '8')).toEqual(['written', 'conflict']);
    expect(await store.cursor(viewProjection.name)).toBe('7');
    await views.clear();
    expect(await store.cursor(viewProjection.name)).toBe(feedStart);
  });
});

describe('views that another release has made', () => {
  test('are thrown away, to be built again from the beginning', async () => {
    const views = await SqliteViews.open(store);
    const advance = { stream: 'order-old', from: 0, to: 1, memory: emptyFold, effects: [] };
    await views.write([advance]);
    await store.write(({ database }) => database.exec('UPDATE view_version SET version = 0'));
    const again = await SqliteViews.open(store);
    expect(await again.progress(['order-old'])).toEqual(new Map());
  });
});
