import type { Clock } from '../platform/clock/clock.ts';
import type { CommandContext } from '../platform/command-handler/context.ts';
import { deadlineIn, longestCallMs } from '../platform/deadline/deadline.ts';

/** What the cell does of itself, at its start and by its clock. `who` names the part that does it. */
export function systemContext(
  who: string,
  clock: Clock,
  extra: Partial<CommandContext> = {},
): CommandContext {
  return {
    actor: { kind: 'system', id: who, proof: 'internal' },
    deadline: deadlineIn(longestCallMs, clock),
    ...extra,
  };
}
