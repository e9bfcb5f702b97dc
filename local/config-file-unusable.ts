import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigIssue } from '../domain/config/commands.ts';
import { ConfigFile } from '../platform/hot-config/config-file.ts';
import { checkConfigText } from '../platform/hot-config/config-text.ts';
import type { StoreChoice } from './stores.ts';

/** A new cell has nothing but its `config.json` to go by, and that is no config. */
export class ConfigFileUnusable extends Error {
  override readonly name = 'ConfigFileUnusable';
  constructor(path: string, issues: readonly ConfigIssue[]) {
    const wrong = issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ');
    super(
      `${path} cannot be used: ${wrong}. Put it right, or delete it: the cell then starts with the config it comes with`,
    );
  }
}

/** For a folder with no config on record; no file at all is fine. Throws `ConfigFileUnusable`. */
export async function refuseBadConfigFile(folder: string): Promise<void> {
  const file = new ConfigFile(folder);
  if (!existsSync(file.path)) return;
  const text = await file.read();
  if (text === undefined) return;
  const result = checkConfigText(text);
  if ('issues' in result) throw new ConfigFileUnusable(file.path, result.issues);
}

/** The same before anything is made: where there is no log yet, nothing is on record. */
export async function refuseBadFirstConfig(choice: StoreChoice): Promise<void> {
  if (choice.kind !== 'sqlite' || existsSync(join(choice.folder, 'ordercell.db'))) return;
  await refuseBadConfigFile(choice.folder);
}
