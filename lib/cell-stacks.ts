import type { App } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { CellSettings } from './settings.ts';
import { AuditQueriesStack } from './stacks/audit-queries.ts';
import { AuditStack } from './stacks/audit.ts';
import { BusArchiveStack } from './stacks/bus-archive.ts';
import { CellStack } from './stacks/cell.ts';
import { ConfigStack } from './stacks/config.ts';
import { DataStack } from './stacks/data.ts';
import { ObservabilityStack } from './stacks/observability.ts';
import { SecretRotationStack } from './stacks/secret-rotation.ts';

export interface CellStacks {
  readonly data: DataStack;
  readonly cell: CellStack;
  readonly config: ConfigStack;
  readonly busArchive: BusArchiveStack;
  readonly audit: AuditStack;
  readonly auditQueries: AuditQueriesStack;
  readonly observability: ObservabilityStack;
  readonly secretRotation: SecretRotationStack;
}

/** The stacks of one cell. They need no other cell. */
export function addCell(app: App, settings: CellSettings, codeOf: (name: string) => Code): CellStacks {
  const env = { region: settings.region, account: settings.awsAccount };
  const named = (part: string) => `Ordercell-${settings.cell}-${part}`;
  const data = new DataStack(app, named('Data'), { env, settings });
  const cell = new CellStack(app, named('Cell'), { env, settings, data, codeOf });
  const { hotConfig, bus } = cell;
  const rotator = cell.functionNamed('rotate-master-secret').lambda;
  const audit = new AuditStack(app, named('Audit'), { env, settings, data });
  return {
    data,
    cell,
    config: new ConfigStack(app, named('Config'), { env, settings, hotConfig }),
    busArchive: new BusArchiveStack(app, named('BusArchive'), { env, settings, bus }),
    audit,
    auditQueries: new AuditQueriesStack(app, named('AuditQueries'), { env, settings, data, audit, cell }),
    observability: new ObservabilityStack(app, named('Observability'), { env, settings, cell }),
    secretRotation: new SecretRotationStack(app, named('SecretRotation'), { env, settings, data, rotator }),
  };
}
