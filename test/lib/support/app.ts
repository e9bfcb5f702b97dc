import { resolve } from 'node:path';
import { App } from 'aws-cdk-lib';

/** The same with every run: CDK would begin a new one among the system's temporary files with each app, and leave it there. */
const folder = resolve('.cache', 'templates', process.env['VITEST_POOL_ID'] ?? '');
let made = 0;

export function appWith(context: Readonly<Record<string, unknown>>): App {
  made += 1;
  return new App({ context, outdir: resolve(folder, String(made)) });
}
