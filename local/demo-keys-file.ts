import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { DemoKey } from './demo.ts';

const keys: z.ZodType<readonly DemoKey[]> = z.array(
  z.object({
    name: z.string(),
    role: z.string(),
    accountId: z.string().exactOptional(),
    keyId: z.string(),
    secret: z.string(),
  }),
);

export function demoKeysFile(folder: string): string {
  return join(folder, 'demo-keys.json');
}

/** For its owner's eyes only. The store has nothing but hashes: lost here, the secrets are lost. */
export function writeDemoKeys(file: string, demoKeys: readonly DemoKey[]): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(demoKeys, null, 2)}\n`, { mode: 0o600 });
  // The mode above only counts for a file that is made.
  chmodSync(file, 0o600);
}

/** Undefined: there is no such file. */
export function readDemoKeys(file: string): readonly DemoKey[] | undefined {
  return existsSync(file) ? keys.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}
