import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundleAll, bundlesFolder } from './bundle/bundle.ts';
import { addCell } from './cell-stacks.ts';
import { flags } from './flags.ts';
import { checkRules } from './rules.ts';
import { cellsOf } from './settings.ts';

const app = new App({ context: flags });
const cells = cellsOf(app.node, process.env['CDK_DEFAULT_ACCOUNT']);
await bundleAll();
const codeOf = (name: string) => Code.fromAsset(`${bundlesFolder}/${name}`);
for (const settings of cells) addCell(app, settings, codeOf);
checkRules(app);
