import type { Timestamp } from '../values/time.ts';
import { isSameScope, type KillSwitchScope } from './scope.ts';

/** A switch that is thrown. `thrown`: the version of the stream that did it. */
export interface ThrownSwitch {
  readonly scope: KillSwitchScope;
  readonly allowReducing: boolean;
  readonly thrown: number;
}

/** What decides: all switches of a cell. `version` is that of their stream, in which every commit has exactly one event. */
export interface KillSwitches {
  readonly version: number;
  /** At most `thrownMax`, in the order they were thrown. */
  readonly thrown: readonly ThrownSwitch[];
}

/** The same, with what people want to know about it. */
export interface KillSwitchState extends KillSwitches {
  readonly thrown: readonly (ThrownSwitch & {
    readonly reason: string;
    readonly by: string;
    readonly at: Timestamp;
  })[];
}

/** Whoever has this many to throw wants the firm's. Keeps the item that everybody reads within a few kilobytes. */
export const thrownMax = 256;

/** Of these so many strategies at most, so that those of accounts and instruments always have room. */
export const strategiesMax = 128;

export const noKillSwitches: KillSwitchState = { version: 0, thrown: [] };

export function findSwitch<Thrown extends ThrownSwitch>(
  thrown: readonly Thrown[],
  scope: KillSwitchScope,
): Thrown | undefined {
  return thrown.find((one) => isSameScope(one.scope, scope));
}

/** One stream for all switches of a cell: its version names what was in force. */
export function killSwitchStream(cell: string): string {
  return `killswitch-${cell}`;
}
