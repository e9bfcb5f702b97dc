import { apiDeadlineMs, type FunctionEntry, memoryMb } from './entry.ts';

/** Everybody of the firm may look. */
const readers = ['administrator', 'operator', 'risk', 'auditor'] as const;
/** Who runs the business of the day. */
const operators = ['administrator', 'operator'] as const;
const riskTakers = ['administrator', 'operator', 'risk'] as const;
const reporters = ['administrator', 'operator', 'venue'] as const;
const administrators = ['administrator'] as const;

export const accounts = {
  name: 'accounts',
  file: 'api/accounts.ts',
  trigger: {
    kind: 'http',
    routes: [
      { route: 'POST /v1/accounts', access: operators },
      { route: 'GET /v1/accounts/{account_id}', access: readers },
      { route: 'GET /v1/accounts/{account_id}/positions', access: readers },
    ],
  },
  rights: { log: 'write', items: 'write', views: 'read' },
  deadlineMs: apiDeadlineMs,
  memoryMb,
} as const satisfies FunctionEntry;

export const accountStatus = {
  name: 'account-status',
  file: 'api/account-status.ts',
  trigger: {
    kind: 'http',
    routes: [
      { route: 'POST /v1/accounts/{account_id}/halt', access: riskTakers },
      { route: 'POST /v1/accounts/{account_id}/lift-halt', access: riskTakers },
      { route: 'POST /v1/accounts/{account_id}/lift-restriction', access: riskTakers },
      { route: 'POST /v1/accounts/{account_id}/actions/close', access: operators },
    ],
  },
  rights: { log: 'write', items: 'write' },
  deadlineMs: apiDeadlineMs,
  memoryMb,
} as const satisfies FunctionEntry;

export const transfers = {
  name: 'transfers',
  file: 'api/transfers.ts',
  trigger: {
    kind: 'http',
    routes: [
      { route: 'POST /v1/accounts/{account_id}/transfers', access: operators },
      { route: 'GET /v1/accounts/{account_id}/transfers/{transfer_id}', access: readers },
      { route: 'DELETE /v1/accounts/{account_id}/transfers/{transfer_id}', access: operators },
    ],
  },
  rights: { log: 'write', items: 'write' },
  deadlineMs: apiDeadlineMs,
  memoryMb,
} as const satisfies FunctionEntry;

export const approvals = {
  name: 'approvals',
  file: 'api/approvals.ts',
  trigger: {
    kind: 'http',
    routes: [
      { route: 'GET /v1/approvals', access: readers },
      { route: 'GET /v1/approvals/{approval_id}', access: readers },
      { route: 'POST /v1/approvals/{approval_id}/approve', access: riskTakers },
      { route: 'POST /v1/approvals/{approval_id}/refuse', access: riskTakers },
    ],
  },
  // Among the views is where our own books park what an order cannot be told, when a trade of theirs is undone.
  rights: { log: 'write', items: 'write', views: 'write' },
  deadlineMs: apiDeadlineMs,
  memoryMb,
} as const satisfies FunctionEntry;

export const config = {
  name: 'config',
  file: 'api/config.ts',
  trigger: {
    kind: 'http',
    routes: [
      { route: 'GET /v1/config', access: readers },
      { route: 'GET /v1/config/history', access: readers },
      { route: 'GET /v1/config/versions/{version}', access: readers },
      { route: 'PUT /v1/config', access: operators },
      { route: 'PATCH /v1/config', access: operators },
    ],
  },
  rights: { log: 'write', items: 'write' },
  deadlineMs: apiDeadlineMs,
  memoryMb,
} as const satisfies FunctionEntry;

export const killSwitches = {
  name: 'kill-switches',
  file: 'api/kill-switches.ts',
  trigger: {
    kind: 'http',
    routes: [
      { route: 'GET /v1/kill-switches', access: readers },
      { route: 'PUT /v1/kill-switches/firm', access: riskTakers },
      { route: 'PUT /v1/kill-switches/accounts/{account_id}', access: riskTakers },
      { route: 'PUT /v1/kill-switches/instruments/{symbol}', access: riskTakers },
    ],
  },
  rights: { log: 'write', items: 'write' },
  deadlineMs: apiDeadlineMs,
  memoryMb,
} as const satisfies FunctionEntry;

export const surveillance = {
  name: 'surveillance',
  file: 'api/surveillance.ts',
  trigger: {
    kind: 'http',
    routes: [
      { route: 'GET /v1/surveillance/accounts/{account_id}', access: readers },
      { route: 'GET /v1/surveillance/breaches', access: readers },
      {
        route: 'POST /v1/surveillance/strategies/{account_id}/{strategy_id}/re-enable',
        access: riskTakers,
      },
    ],
  },
  rights: { log: 'write', items: 'write', views: 'read' },
  deadlineMs: apiDeadlineMs,
  memoryMb,
} as const satisfies FunctionEntry;

export const keys = {
  name: 'keys',
  file: 'api/keys.ts',
  trigger: {
    kind: 'http',
    routes: [
      { route: 'POST /v1/keys', access: administrators },
      { route: 'GET /v1/keys', access: readers },
      { route: 'DELETE /v1/keys/{key_id}', access: administrators },
    ],
  },
  rights: { log: 'write', items: 'write' },
  deadlineMs: apiDeadlineMs,
  memoryMb,
} as const satisfies FunctionEntry;

export const referencePrices = {
  name: 'reference-prices',
  file: 'api/reference-prices.ts',
  trigger: {
    kind: 'http',
    routes: [
      { route: 'PUT /v1/instruments/{symbol}/reference-price', access: reporters },
      { route: 'GET /v1/instruments/{symbol}/reference-price', access: [...readers, 'venue'] },
    ],
  },
  rights: { log: 'write', items: 'write' },
  deadlineMs: apiDeadlineMs,
  memoryMb,
} as const satisfies FunctionEntry;

export const venueReports = {
  name: 'venue-reports',
  file: 'api/venue-reports.ts',
  trigger: {
    kind: 'http',
    routes: [
      { route: 'POST /v1/orders/{order_id}/executions', access: reporters },
      { route: 'POST /v1/orders/{order_id}/reports', access: reporters },
    ],
  },
  // Among the views for the same reason as `approvals`.
  rights: { log: 'write', items: 'write', views: 'write' },
  deadlineMs: apiDeadlineMs,
  memoryMb,
} as const satisfies FunctionEntry;

export const parked = {
  name: 'parked',
  file: 'api/parked.ts',
  trigger: {
    kind: 'http',
    routes: [
      { route: 'GET /v1/parked', access: readers },
      { route: 'POST /v1/parked/{consumer}/redrive', access: operators },
    ],
  },
  // Driving again does a consumer's own work, whichever it is, and the relay's.
  rights: { log: 'write', items: 'write', views: 'write', bus: 'publish' },
  deadlineMs: 15_000,
  memoryMb,
} as const satisfies FunctionEntry;

export const audit = {
  name: 'audit',
  file: 'api/audit.ts',
  trigger: {
    kind: 'http',
    routes: [
      { route: 'GET /v1/orders/{order_id}', access: readers },
      { route: 'GET /v1/orders/{order_id}/events', access: readers },
      { route: 'GET /v1/reconcile', access: readers },
    ],
  },
  rights: { log: 'read', items: 'read', heads: 'read' },
  deadlineMs: 15_000,
  memoryMb,
} as const satisfies FunctionEntry;

export const evidence = {
  name: 'evidence',
  file: 'api/evidence.ts',
  trigger: { kind: 'http', routes: [{ route: 'GET /v1/orders/{order_id}/evidence', access: readers }] },
  rights: { log: 'read', items: 'read' },
  deadlineMs: 15_000,
  memoryMb,
} as const satisfies FunctionEntry;
