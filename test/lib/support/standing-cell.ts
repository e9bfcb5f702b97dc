import { Code } from 'aws-cdk-lib/aws-lambda';
import { flags } from '../../../lib/flags.ts';
import { addCell, type CellStacks } from '../../../lib/cell-stacks.ts';
import { appWith } from './app.ts';
import { settings } from './templates.ts';

/** A cell as templates, with a line of code in place of every bundle: what is in a bundle, templates do not say. */
export function standingCell(app = appWith(flags), line = 'exports.handler = 1;'): CellStacks {
  return addCell(app, settings, () => Code.fromInline(line));
}
