import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { SqliteEventStore } from '../../../platform/event-store/sqlite.ts';
import { eventStoreContract } from '../../contract/event-store.ts';
import { localFeedContract } from '../../contract/local-feed.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-store-'));
afterAll(() => rmSync(folder, { recursive: true }));

let opened = 0;
async function open(): Promise<SqliteEventStore> {
  opened += 1;
  return new SqliteEventStore(join(folder, String(opened)));
}

eventStoreContract('sqlite', { open, noticesGaps: true, histories: 50 });
localFeedContract('sqlite', open);
