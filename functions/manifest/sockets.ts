import { type FunctionEntry, memoryMb } from './entry.ts';

export const tradeUpdates = {
  name: 'trade-updates',
  file: 'sockets/trade-updates.ts',
  trigger: { kind: 'websocket' },
  // Who is connected is among the views; an account may want its orders canceled when nobody of it is any more.
  rights: { log: 'write', items: 'write', views: 'write', sockets: 'manage' },
  deadlineMs: 15_000,
  memoryMb,
} as const satisfies FunctionEntry;

export const pushUpdates = {
  name: 'push-updates',
  file: 'sockets/push-updates.ts',
  trigger: { kind: 'account-feed', recordsMax: 100 },
  rights: { log: 'read', items: 'read', views: 'write', sockets: 'manage' },
  deadlineMs: 30_000,
  memoryMb,
} as const satisfies FunctionEntry;
