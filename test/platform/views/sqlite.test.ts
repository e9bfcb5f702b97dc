import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { SqliteViews } from '../../../platform/views/sqlite.ts';
import { viewContract } from '../../contract/views.ts';
import { openFolder } from '../../support/consumer-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-views-'));
const { file, close } = openFolder(folder);
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

viewContract('SQLite', { open: async () => new SqliteViews(file) });
