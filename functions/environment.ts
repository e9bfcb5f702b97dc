import type { TableName } from './manifest.ts';

/**
 * How a function is told where it runs: the infrastructure sets these, its composition root reads them. Names only. Never a secret:
 * anybody who may look at a function sees them. The region and the credentials are Lambda's own.
 */
export const environmentNames = {
  cell: 'CELL',
  logTable: 'LOG_TABLE',
  itemsTable: 'ITEMS_TABLE',
  viewsTable: 'VIEWS_TABLE',
  busName: 'BUS_NAME',
  /** What AppConfig calls the config of this cell. */
  configApplication: 'CONFIG_APPLICATION',
  configEnvironment: 'CONFIG_ENVIRONMENT',
  configProfile: 'CONFIG_PROFILE',
  /** Where in Secrets Manager the secret is from which others are derived: a key a line, the newest first. Only for who may. */
  masterSecretArn: 'MASTER_SECRET_ARN',
  /** The bucket with Object Lock. Only for who may. */
  archiveBucket: 'ARCHIVE_BUCKET',
  /** Where whoever holds the clients' WebSockets is told what to say to them. Only for who may. */
  streamEndpoint: 'STREAM_ENDPOINT',
  /** Every how manieth answer below 400 gets a line in the log. */
  requestLogEvery: 'REQUEST_LOG_EVERY',
} as const;

export type EnvironmentName = (typeof environmentNames)[keyof typeof environmentNames];

/** Where the composition root of a function of the manifest is, below the repository: it exports `handler`. */
export function entryFileOf(name: string): string {
  return `functions/entries/${name}.ts`;
}

/** What a table of a cell is called: a cell that is made again finds its data by it. */
export function tableNameOf(cell: string, table: TableName): string {
  return `ordercell-${cell}-${table}`;
}
