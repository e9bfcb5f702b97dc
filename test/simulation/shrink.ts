import { closedDoor } from './door/visitors.ts';
import { type Plan, type Result, run } from './run.ts';
import { faults } from './weather.ts';

/** The same failure in a world with as few kinds of faults as still bring it about, and no step after it. */
export async function shrink(
  plan: Plan,
  failed: Result,
): Promise<{ readonly plan: Plan; readonly result: Result }> {
  const law = failed.failure?.law;
  let smallest = { plan, result: failed };
  for (const fault of [closedDoor, ...faults]) {
    const without = [...(smallest.plan.without ?? []), fault];
    const steps = Math.min(plan.steps, smallest.result.steps);
    const tried = { ...plan, without, steps };
    const result = await run(tried);
    if (result.failure?.law === law) smallest = { plan: tried, result };
  }
  return smallest;
}
