import type { App } from 'aws-cdk-lib';
import type { CellSettings } from './settings.ts';
import { DataStack } from './stacks/data.ts';

export interface CellStacks {
  readonly data: DataStack;
}

/** The stacks of one cell. They need no other cell. */
export function addCell(app: App, settings: CellSettings): CellStacks {
  const env = { region: settings.region, account: settings.awsAccount };
  const named = (part: string) => `Ordercell-${settings.cell}-${part}`;
  const data = new DataStack(app, named('Data'), { env, settings });
  return { data };
}
