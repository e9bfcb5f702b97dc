/** Which commit a client's idempotency key led to. */
export type RememberedKey = readonly [commandId: string, version: number];

/**
 * The keys a stream remembers, as part of its fold. The key of version 1 stays for ever, because a stream's name is an id that
 * must be unique for ever; of the others the last `keysMax`. What a key stood for is read from its commit, not copied here:
 * every commit's hash of its request is in the log, and the memory goes into each snapshot.
 */
export interface KeyMemory {
  readonly first?: string;
  readonly recent?: readonly RememberedKey[];
}

export const keysMax = 64;

export const noKeys: KeyMemory = {};

export function remember(memory: KeyMemory, commandId: string | undefined, version: number): KeyMemory {
  if (commandId === undefined) return memory;
  if (version === 1) return { ...memory, first: commandId };
  const recent = memory.recent ?? [];
  return { ...memory, recent: [...recent.slice(-(keysMax - 1)), [commandId, version]] };
}

/** The version whose commit used the key; undefined when it is not remembered. */
export function recall(memory: KeyMemory, commandId: string): number | undefined {
  if (memory.first === commandId) return 1;
  return memory.recent?.find(([used]) => used === commandId)?.[1];
}
