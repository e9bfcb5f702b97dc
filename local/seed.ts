import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { currencies } from '../domain/values/money.ts';

const account = z.strictObject({ name: z.string(), cash: z.string(), currency: z.literal(currencies) });
const ppm = z.int().min(1).max(100_000);

/** Who quotes with `--demo`, and how the prices move that they make up. */
const market = z.strictObject({
  walk: z.strictObject({
    seed: z.int().min(0),
    stepMs: z.int().min(1_000),
    halfLifeSteps: z.int().min(1).max(10_000),
    stepPpm: ppm,
    farthestPpm: ppm,
  }),
  providers: z.array(
    account.extend({
      /** Of every instrument, to sell. */
      shares: z.string(),
      halfSpreadPpm: ppm,
      tolerancePpm: ppm,
      /** What a bid or an ask is about worth, in minor units. */
      sideValue: z.int().min(1),
    }),
  ),
});

const demo = z.strictObject({
  accounts: z.array(account),
  market,
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
