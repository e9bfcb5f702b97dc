import { archivePrefixes } from '../../platform/archive/names.ts';

/** Athena's tables over what an audit goes by, each in the folders of its days. */
export type AuditTable = 'commits' | 'requests' | 'trail';

interface Shape {
  /** Where the folders `yyyy/MM/dd` begin. */
  readonly prefix: (where: { readonly cell: string; readonly awsAccount: string }) => string;
  readonly columns: Readonly<Record<string, string>>;
  readonly format: Format;
}

interface Format {
  readonly input: string;
  readonly reader: string;
}

/** A row for each line, which queries take apart: what a line says may grow, and no reader of columns has to know of it. */
const lines: Pick<Shape, 'columns' | 'format'> = {
  columns: { line: 'string' },
  format: {
    input: 'org.apache.hadoop.mapred.TextInputFormat',
    reader: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
  },
};

/** In which bucket the log of requests stands below. */
export const requestsPrefix = 'requests/';

export const auditTables: Readonly<Record<AuditTable, Shape>> = {
  commits: { prefix: ({ cell }) => `${archivePrefixes.commits}/${cell}/`, ...lines },
  requests: { prefix: () => requestsPrefix, ...lines },
  // As CloudTrail's own page on Athena has it; the members of nested objects that no query of ours asks for are left out.
  trail: {
    prefix: ({ cell, awsAccount }) => `AWSLogs/${awsAccount}/CloudTrail/${cell}/`,
    columns: {
      eventtime: 'string',
      useridentity:
        'struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,accesskeyid:string,username:string>',
      eventsource: 'string',
      eventname: 'string',
      awsregion: 'string',
      sourceipaddress: 'string',
      useragent: 'string',
      errorcode: 'string',
      errormessage: 'string',
      requestparameters: 'string',
      responseelements: 'string',
      requestid: 'string',
      eventid: 'string',
      readonly: 'string',
      resources: 'array<struct<arn:string,accountid:string,type:string>>',
      eventtype: 'string',
    },
    format: {
      input: 'com.amazon.emr.cloudtrail.CloudTrailInputFormat',
      reader: 'org.apache.hive.hcatalog.data.JsonSerDe',
    },
  },
};
