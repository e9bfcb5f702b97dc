import type { Deadline } from '../deadline/deadline.ts';
import type { Commit, StreamHead } from '../event-store/port.ts';
import type { Poison } from './errand.ts';
import type { Parked } from './port.ts';
import type { Delivered, Redriven, StreamConsumer } from './stream-consumer.ts';

/** A consumer, whatever it remembers and writes. */
export type AnyConsumer = Pick<
  StreamConsumer<unknown, unknown>,
  'name' | 'takes' | 'deliver' | 'applied' | 'catchUp' | 'settle' | 'redrive' | 'park' | 'parked' | 'forget'
>;

/**
 * Consumers that share one pass over a feed: each commit is read and decoded once, and each of them keeps its own place and parks
 * on its own. One that fails does not keep the others from going on; the delivery is then repeated, and they drop it.
 */
export class ConsumerGroup {
  readonly name: string;
  readonly members: readonly AnyConsumer[];

  constructor(name: string, members: readonly AnyConsumer[]) {
    this.name = name;
    this.members = members;
  }

  takes(stream: string): boolean {
    return this.members.some((member) => member.takes(stream));
  }

  /** Throws what the first of them that failed threw, when all of them have tried. */
  async deliver(commits: readonly Commit[], deadline: Deadline, mark?: string): Promise<Delivered> {
    let [applied, parked, isMarked] = [0, 0, true];
    const failures: unknown[] = [];
    for (const member of this.members) {
      try {
        const one = await member.deliver(commits, deadline, mark);
        applied += one.applied;
        parked += one.parked;
        isMarked &&= one.isMarked;
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return { applied, parked, isMarked };
  }

  async catchUp(heads: readonly StreamHead[], deadline: Deadline): Promise<Delivered> {
    let [applied, parked] = [0, 0];
    for (const member of this.members) {
      const one = await member.catchUp(heads, deadline);
      applied += one.applied;
      parked += one.parked;
    }
    return { applied, parked, isMarked: false };
  }

  async settle(deadline: Deadline): Promise<void> {
    for (const member of this.members) await member.settle(deadline);
  }

  /** Takes a commit that is not even readable out of the way of everybody it is for. */
  async park(stream: string, poison: Poison, deadline: Deadline): Promise<void> {
    for (const member of this.members) if (member.takes(stream)) await member.park(stream, poison, deadline);
  }

  async redrive(deadline: Deadline): Promise<Redriven> {
    let [restored, parked] = [0, 0];
    for (const member of this.members) {
      const one = await member.redrive(deadline);
      restored += one.restored;
      parked += one.parked;
    }
    return { restored, parked };
  }

  /** Of all of them. */
  async parked(deadline: Deadline): Promise<readonly Parked[]> {
    const all = await Promise.all(this.members.map((member) => member.parked(deadline)));
    return all.flat();
  }
}
