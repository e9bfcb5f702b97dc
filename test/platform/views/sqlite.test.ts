import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { SqliteEventStore } from '../../../platform/event-store/sqlite.ts';
import { SqliteViews } from '../../../platform/views/sqlite.ts';
import { viewContract } from '../../contract/views.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-views-'));
const store = new SqliteEventStore(join(folder, 'views'));
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

viewContract('SQLite', { open: () => SqliteViews.open(store) });
