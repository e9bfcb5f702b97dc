import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { SqliteAccountFeed } from '../../../platform/account-feed/sqlite.ts';
import { accountFeedContract } from '../../contract/account-feed.ts';
import { openFolder } from '../../support/consumer-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-account-feed-'));
const { file, close } = openFolder(folder);
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

accountFeedContract('SQLite', { open: async () => new SqliteAccountFeed(file) });
