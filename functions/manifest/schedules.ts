import { type FunctionEntry, memoryMb } from './entry.ts';

export const archiveRoots = {
  name: 'archive-roots',
  file: 'schedules/archive-roots.ts',
  trigger: { kind: 'schedule', everyMinutes: 15 },
  rights: { log: 'read', heads: 'read', feed: 'read', archive: 'roots' },
  deadlineMs: 30_000,
  memoryMb,
} as const satisfies FunctionEntry;

export const reconcile = {
  name: 'reconcile',
  file: 'schedules/reconcile.ts',
  // Between the close in New York and the opening in Europe.
  trigger: { kind: 'schedule', everyMinutes: 1_440, atHour: 5 },
  rights: { log: 'read', items: 'read', heads: 'read' },
  // All that Lambda gives a function, but for the second in which it says that time was up.
  deadlineMs: 899_000,
  // A whole processor, of which a stream takes 0.6 ms; and a book's stream is read in one piece.
  memoryMb: 2_048,
} as const satisfies FunctionEntry;

export const lostConnections = {
  name: 'lost-connections',
  file: 'schedules/lost-connections.ts',
  trigger: { kind: 'schedule', everyMinutes: 1 },
  rights: { log: 'write', items: 'write', views: 'write', sockets: 'find' },
  deadlineMs: 20_000,
  memoryMb,
} as const satisfies FunctionEntry;

export const sessions = {
  name: 'sessions',
  file: 'schedules/sessions.ts',
  trigger: { kind: 'schedule', everyMinutes: 1 },
  // It leads our own books: among the items it writes them down, among the views it parks what an order cannot be told.
  rights: { log: 'write', items: 'write', views: 'write' },
  deadlineMs: 30_000,
  memoryMb,
} as const satisfies FunctionEntry;

/** A sweep does the work of consumers whose deliveries were lost, so each may what those consumers may. */
const sweeping = {
  file: 'schedules/sweep.ts',
  trigger: { kind: 'schedule', everyMinutes: 1 },
  deadlineMs: 30_000,
  memoryMb,
} as const;
const finding = { heads: 'read', feed: 'read' } as const;

/** Of who keeps lists. On one machine, where all of them read one log, of everybody. */
export const sweep = {
  ...sweeping,
  name: 'sweep',
  rights: { log: 'read', views: 'write', ...finding },
} as const satisfies FunctionEntry;

/** Of who does something about orders outside of our own books. */
export const sweepOrders = {
  ...sweeping,
  name: 'sweep-orders',
  rights: { log: 'write', items: 'write', views: 'write', ...finding },
} as const satisfies FunctionEntry;

/** Of who brings orders to our own books. */
export const sweepBooks = {
  ...sweeping,
  name: 'sweep-books',
  rights: { log: 'write', items: 'write', views: 'write', ...finding },
} as const satisfies FunctionEntry;

export const deliverWebhooks = {
  name: 'deliver-webhooks',
  file: 'schedules/deliver-webhooks.ts',
  trigger: { kind: 'schedule', everyMinutes: 1 },
  // Suspending a webhook is a commit of its stream; where its deliveries have got is among the views.
  rights: { log: 'write', items: 'write', views: 'write', masterSecret: 'derive' },
  deadlineMs: 30_000,
  memoryMb,
} as const satisfies FunctionEntry;

export const enforceKillSwitch = {
  name: 'enforce-kill-switch',
  file: 'schedules/enforce-kill-switch.ts',
  trigger: { kind: 'schedule', everyMinutes: 1 },
  rights: { log: 'write', items: 'write', views: 'read' },
  deadlineMs: 15_000,
  memoryMb,
} as const satisfies FunctionEntry;

export const respondToBreaches = {
  name: 'respond-to-breaches',
  file: 'schedules/respond-to-breaches.ts',
  trigger: { kind: 'schedule', everyMinutes: 1 },
  // Among the views is where breaches are, and what was done about them.
  rights: { log: 'write', items: 'write', views: 'write' },
  deadlineMs: 15_000,
  memoryMb,
} as const satisfies FunctionEntry;
