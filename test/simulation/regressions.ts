import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from './run.ts';

/** A world that once broke a law, with as few kinds of faults and as few steps as still did. */
export interface Regression {
  readonly plan: Plan;
  /** The law it broke. */
  readonly law: string;
  /** What was wrong, for who meets it again. */
  readonly cause: string;
}

const folder = join(import.meta.dirname, 'regressions');

/** By file name. */
export function regressions(): readonly (readonly [file: string, regression: Regression])[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8'))]);
}

/** Returns the file it is in. The cause is to be filled in by whoever finds it. */
export function saveRegression(plan: Plan, law: string): string {
  const name = `${law.toLowerCase().replaceAll(/\W+/g, '-')}-${plan.seed}.json`;
  const regression: Regression = { plan, law, cause: 'not known yet' };
  writeFileSync(join(folder, name), `${JSON.stringify(regression, undefined, 2)}\n`);
  return join('test', 'simulation', 'regressions', name);
}
