import { App } from 'aws-cdk-lib';
import flags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { addCell } from './cell-stacks.ts';
import { checkRules } from './rules.ts';
import { cellsOf } from './settings.ts';

const app = new App({ context: flags });
for (const settings of cellsOf(app.node, process.env['CDK_DEFAULT_ACCOUNT'])) addCell(app, settings);
checkRules(app);
