import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundleAll, bundlesFolder } from './bundle/bundle.ts';
import { addCell } from './cell-stacks.ts';
import { flags } from './flags.ts';
import { checkRules } from './rules.ts';
import { BadSetting, cellsOf } from './settings.ts';

async function make(): Promise<void> {
  // By itself it would write the templates also after a setting was refused.
  const app = new App({ context: flags, autoSynth: false });
  const cells = cellsOf(app.node, process.env['CDK_DEFAULT_ACCOUNT']);
  await bundleAll();
  const codeOf = (name: string) => Code.fromAsset(`${bundlesFolder}/${name}`);
  for (const settings of cells) addCell(app, settings, codeOf);
  checkRules(app);
  app.synth();
}

try {
  await make();
} catch (error) {
  if (!(error instanceof BadSetting)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
