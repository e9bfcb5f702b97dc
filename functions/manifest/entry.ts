import type { Access } from '../api/door/caller.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type RouteKey = `${Method} /${string}`;

export interface HttpRoute {
  readonly route: RouteKey;
  readonly access: Access;
}

/** What wakes a function. How the embedded cell does it, see `local/waking.ts`. */
export type Trigger =
  /** `streams`: its answers go on for as long as somebody reads; what invokes it has to hand on every part as it comes. */
  | { readonly kind: 'http'; readonly routes: readonly HttpRoute[]; readonly streams?: true }
  /**
   * The log's change feed, every record of it, in batches that are gathered for so long. Two readers at most keep up with a shard of
   * DynamoDB's: these are the relay and the archive (docs/decisions/0022).
   */
  | {
      readonly kind: 'feed';
      readonly streams: 'all';
      readonly recordsMax: number;
      readonly gatheredSeconds: number;
    }
  /** Bus entries of streams of these kinds, through a queue of the function's own. */
  | { readonly kind: 'bus'; readonly streams: readonly string[] }
  /** Messages of a queue that is not fed by the bus. */
  | { readonly kind: 'queue'; readonly queue: string }
  /** `atHour`, in UTC: where it is once a day, when. */
  | { readonly kind: 'schedule'; readonly everyMinutes: number; readonly atHour?: number }
  /** Whoever holds the clients' WebSockets to `/stream`: that one came, what it says, and that it ended. */
  | { readonly kind: 'websocket' }
  /** The change feed of the views' table, as far as it is about feeds of accounts: new entries, and new listeners. */
  | { readonly kind: 'account-feed'; readonly recordsMax: number }
  /** AppConfig, with every config that somebody wants to put in force there: one that this refuses never is. */
  | { readonly kind: 'config' }
  /** Secrets Manager, once for each step of rotating the master secret. How often it does is a setting of the infrastructure. */
  | { readonly kind: 'rotation' };

export type TableName = 'log' | 'items' | 'views';

/** What it does not name it cannot reach. Nobody may update or delete in the log. */
export type Rights = Readonly<Partial<Record<TableName, 'read' | 'write'>>> & {
  readonly bus?: 'publish';
  /** The cell's own secret, from which others are derived; or adding a key to it, which takes the place of none. */
  readonly masterSecret?: 'derive' | 'rotate';
  /** Going through the streams there are, which in the cloud is a scan of the log. */
  readonly heads?: 'read';
  /** Reading the log's change feed for itself, beside the relay. */
  readonly feed?: 'read';
  /** Saying something to clients over the WebSockets they have open, and ending these; `find`: asking whether they are there. */
  readonly sockets?: 'manage' | 'find';
  /** Putting down what is new under one prefix of the archive, never over anything; `roots` may also read those there are. */
  readonly archive?: 'commits' | 'roots';
};

export interface FunctionEntry {
  readonly name: string;
  /** Below `functions/`. */
  readonly file: string;
  readonly trigger: Trigger;
  readonly rights: Rights;
  /** How long one call may take before its caller is told to try again. */
  readonly deadlineMs: number;
  readonly memoryMb: number;
}

export const apiDeadlineMs = 5_000;
export const memoryMb = 1024;
