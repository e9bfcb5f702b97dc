import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { manifest } from '../functions/manifest.ts';
import { bundle } from './bundles.ts';
import { flags } from './flags.ts';
import { addCell } from './cell-stacks.ts';
import { checkRules } from './rules.ts';
import { cellsOf } from './settings.ts';

const app = new App({ context: flags });
const folderOf = bundle(
  manifest.map(({ name }) => name),
  '.cache/bundles',
);
const codeOf = (name: string) => Code.fromAsset(folderOf(name));
for (const settings of cellsOf(app.node, process.env['CDK_DEFAULT_ACCOUNT'])) addCell(app, settings, codeOf);
checkRules(app);
