import type { Access } from './api/caller.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type RouteKey = `${Method} /${string}`;

export interface HttpRoute {
  readonly route: RouteKey;
  readonly access: Access;
}

/** What wakes a function. Feeds deliver commits of streams of these kinds. */
export type Trigger =
  | { readonly kind: 'http'; readonly routes: readonly HttpRoute[] }
  | { readonly kind: 'feed'; readonly streams: readonly string[] }
  | { readonly kind: 'schedule'; readonly everyMinutes: number };

export type TableName = 'log' | 'items' | 'views';

export interface FunctionEntry {
  readonly name: string;
  /** Below `functions/`. */
  readonly file: string;
  readonly trigger: Trigger;
  /** The tables it may touch; a table that is not named it cannot reach. Nobody may update or delete in the log. */
  readonly rights: Readonly<Partial<Record<TableName, 'read' | 'write'>>>;
  /** How long one call may take before its caller is told to try again. */
  readonly deadlineMs: number;
  readonly memoryMb: number;
}

const apiDeadlineMs = 5_000;

/**
 * The one list of functions. The cloud's infrastructure and rights are made from it, the embedded cell's routes too: a route that
 * exists in one and not in the other is impossible.
 */
export const manifest = [
  {
    name: 'place-order',
    file: 'api/place-order.ts',
    trigger: { kind: 'http', routes: [{ route: 'POST /v2/orders', access: 'trading' }] },
    rights: { log: 'write', items: 'write' },
    deadlineMs: apiDeadlineMs,
    memoryMb: 1024,
  },
] as const satisfies readonly FunctionEntry[];

export type FunctionName = (typeof manifest)[number]['name'];
