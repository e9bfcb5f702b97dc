import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { writeDurably } from '../platform/disk/durable-file.ts';
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

/** The file is there and cannot be read as keys. */
export class DemoKeysUnreadable extends Error {
  override readonly name = 'DemoKeysUnreadable';
  constructor(file: string, options?: ErrorOptions) {
    super(
      `${file} is damaged: put the one of before back, or start with --new-keys, which writes it anew`,
      options,
    );
  }
}

export function demoKeysFile(folder: string): string {
  return join(folder, 'demo-keys.json');
}

/** For its owner's eyes only. The store has nothing but hashes: lost here, the secrets are lost. */
export function writeDemoKeys(file: string, demoKeys: readonly DemoKey[]): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeDurably(file, `${JSON.stringify(demoKeys, null, 2)}\n`);
}

/** Undefined: there is no such file. Throws `DemoKeysUnreadable`. */
export function readDemoKeys(file: string): readonly DemoKey[] | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return keys.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new DemoKeysUnreadable(file, { cause });
  }
}
