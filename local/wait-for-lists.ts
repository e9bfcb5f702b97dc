import type { Clock } from '../platform/clock/clock.ts';
import { within } from '../platform/clock/within.ts';
import type { Log } from '../platform/telemetry/port.ts';
import type { CellViews } from './views.ts';

/** How long a start waits for the lists. */
export const listsMs = 300;

/**
 * Lists that are far behind keep nobody from placing orders: a line says so, and they catch up meanwhile. Throws what they fail with in
 * that time; what fails later is told of by what keeps them.
 */
export async function waitForLists(
  views: Pick<CellViews, 'drained' | 'lag'>,
  { clock, log }: { readonly clock: Clock; readonly log: Pick<Log, 'warn'> },
): Promise<void> {
  const drained = Promise.allSettled([views.drained()]);
  const [outcome] =
    (await within<PromiseSettledResult<void>[] | undefined>(drained, listsMs, {
      clock,
      otherwise: undefined,
    })) ?? [];
  if (outcome?.status === 'rejected') throw outcome.reason;
  if (outcome) return;
  const lag = await views.lag?.();
  log.warn('the lists are behind and catch up while orders are taken', { ...lag });
}
