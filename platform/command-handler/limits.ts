/** The bounds of one command handler. */
export interface CommandHandlerLimits {
  /** How often one command may be decided before it gives up with `VersionConflict`. */
  readonly decisionsMax: number;
  /** Full jitter: a pause is uniform between nothing and a ceiling, which starts at this or twice an append and doubles. */
  readonly pauseBaseMs: number;
  readonly pauseMaxMs: number;
  /** Commands that may be in work or waiting on one stream in this process. */
  readonly lineMax: number;
  /** Streams in quarantine; beyond it the oldest is let go, and its next failure puts it back. */
  readonly quarantineMax: number;
}

export const defaultLimits: CommandHandlerLimits = {
  decisionsMax: 32,
  pauseBaseMs: 4,
  pauseMaxMs: 250,
  lineMax: 256,
  quarantineMax: 1_000,
};

/**
 * The pause comes before every other further decision: the first follows at once, because most conflicts are with one other
 * writer, who is done by then. The ceiling is counted in appends, not milliseconds: a writer that loses to several others
 * must outlast their turns, and how long those are is only known from its own.
 */
export function pauseCeilingMs(decision: number, appendMs: number, limits: CommandHandlerLimits): number {
  const setbacks = decision - 1;
  if (setbacks === 0 || setbacks % 2 === 1) return 0;
  const firstMs = Math.max(limits.pauseBaseMs, 2 * appendMs);
  return Math.min(limits.pauseMaxMs, firstMs * 2 ** (setbacks / 2 - 1));
}
