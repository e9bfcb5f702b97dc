import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { currencies } from '../domain/values/money.ts';

const demo = z.strictObject({
  accounts: z.array(z.strictObject({ name: z.string(), cash: z.string(), currency: z.literal(currencies) })),
  /** What the simulated instruments are said to be worth: made up. */
  referencePrices: z.record(z.string(), z.string()),
});

const seed = z.strictObject({ config: z.unknown(), demo });

export type Demo = z.infer<typeof demo>;

/** The file an embedded cell starts from: its config, checked where it is used, and what its demo consists of. */
export function readSeed(): z.infer<typeof seed> {
  const file = new URL('./seed.json', import.meta.url);
  return seed.parse(JSON.parse(readFileSync(file, 'utf8')));
}
