/** The bounds of one command handler. */
export interface CommandHandlerLimits {
  /** How often one command may be decided before it gives up with `VersionConflict`. */
  readonly decisionsMax: number;
  /** Full jitter: the pause before a further decision is uniform up to a ceiling that doubles from `pauseBaseMs` to `pauseMaxMs`. */
  readonly pauseBaseMs: number;
  readonly pauseMaxMs: number;
  /** Commands that may be in work or waiting on one stream in this process. */
  readonly lineMax: number;
  /** Streams in quarantine; beyond it the oldest is let go, and its next failure puts it back. */
  readonly quarantineMax: number;
}

export const defaultLimits: CommandHandlerLimits = {
  decisionsMax: 16,
  pauseBaseMs: 4,
  pauseMaxMs: 128,
  lineMax: 256,
  quarantineMax: 1_000,
};

/** The first further decision follows at once: most conflicts are with one other writer, who is done by then. */
export function pauseCeilingMs(decision: number, limits: CommandHandlerLimits): number {
  return decision <= 2 ? 0 : Math.min(limits.pauseMaxMs, limits.pauseBaseMs * 2 ** (decision - 3));
}
