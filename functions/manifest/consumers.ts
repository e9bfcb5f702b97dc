import { apiDeadlineMs, type FunctionEntry, memoryMb } from './entry.ts';

export const views = {
  name: 'views',
  file: 'consumers/views.ts',
  trigger: { kind: 'bus', streams: ['order', 'transfer', 'account', 'killswitch'] },
  rights: { log: 'read', views: 'write' },
  deadlineMs: 30_000,
  memoryMb,
} as const satisfies FunctionEntry;

export const applyVenueReports = {
  name: 'apply-venue-reports',
  file: 'consumers/venue-reports.ts',
  trigger: { kind: 'bus', streams: ['venue'] },
  // Among the views is where it parks what cannot be applied.
  rights: { log: 'write', items: 'write', views: 'write' },
  deadlineMs: 30_000,
  memoryMb,
} as const satisfies FunctionEntry;

export const venue = {
  name: 'venue',
  file: 'consumers/venue.ts',
  trigger: { kind: 'bus', streams: ['order', 'killswitch'] },
  // Among the items is where it writes books down, among the views where it parks.
  rights: { log: 'write', items: 'write', views: 'write' },
  deadlineMs: 30_000,
  memoryMb,
} as const satisfies FunctionEntry;

export const linkedOrders = {
  name: 'linked-orders',
  file: 'consumers/linked-orders.ts',
  trigger: { kind: 'bus', streams: ['order'] },
  // Among the views is where it parks what cannot be carried out.
  rights: { log: 'write', items: 'write', views: 'write' },
  deadlineMs: 30_000,
  memoryMb,
} as const satisfies FunctionEntry;

export const stopWatch = {
  name: 'stop-watch',
  file: 'consumers/stop-watch.ts',
  trigger: { kind: 'bus', streams: ['instrument'] },
  rights: { log: 'write', items: 'write', views: 'read' },
  deadlineMs: 30_000,
  memoryMb,
} as const satisfies FunctionEntry;

export const relay = {
  name: 'relay',
  file: 'consumers/relay.ts',
  trigger: { kind: 'feed', streams: 'all', recordsMax: 100, gatheredSeconds: 0 },
  // Among the views is where it parks what the bus does not take.
  rights: { log: 'read', views: 'write', bus: 'publish' },
  deadlineMs: 30_000,
  memoryMb,
} as const satisfies FunctionEntry;

export const archive = {
  name: 'archive',
  file: 'consumers/archive.ts',
  // An object costs as much as eight commits: many of them share one.
  trigger: { kind: 'feed', streams: 'all', recordsMax: 1_000, gatheredSeconds: 60 },
  rights: { archive: 'commits' },
  deadlineMs: 30_000,
  memoryMb,
} as const satisfies FunctionEntry;

export const checkConfig = {
  name: 'check-config',
  file: 'consumers/check-config.ts',
  trigger: { kind: 'config' },
  rights: {},
  deadlineMs: apiDeadlineMs,
  memoryMb,
} as const satisfies FunctionEntry;

export const rotateMasterSecret = {
  name: 'rotate-master-secret',
  file: 'consumers/rotate-master-secret.ts',
  trigger: { kind: 'rotation' },
  rights: { masterSecret: 'rotate' },
  deadlineMs: 15_000,
  memoryMb,
} as const satisfies FunctionEntry;
