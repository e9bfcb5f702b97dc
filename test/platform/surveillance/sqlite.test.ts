import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { SqliteSurveillance } from '../../../platform/surveillance/sqlite.ts';
import { surveillanceContract } from '../../contract/surveillance.ts';
import { openFolder } from '../../support/consumer-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-surveillance-'));
const { file, close } = openFolder(folder);
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

surveillanceContract('SQLite', {
  open: async (watch, clock) => new SqliteSurveillance(file, watch, clock),
});
