import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Prng } from '../simulation/prng.ts';
import { classes } from './classes.ts';
import { Connection } from './connection.ts';
import { judge } from './judge.ts';
import type { Shot } from './shot.ts';
import { startWorld, type World } from './world.ts';
import { aftermath } from './aftermath.ts';

export interface Bombardment {
  readonly requests: number;
  readonly seed: string;
}

export interface Fault {
  readonly name: string;
  readonly what: string;
  readonly fault: string;
}

export interface Report {
  /** By class, how often each outcome was met. */
  readonly outcomes: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly requests: number;
  readonly durationMs: number;
  /** The first ones; `faultsAll` counts them. */
  readonly faults: readonly Fault[];
  readonly faultsAll: number;
  /** Bytes in use after a full collection: after the first tenth, and at the end. */
  readonly heapBefore: number;
  readonly heapAfter: number;
  /** What is wrong with the cell afterwards. */
  readonly aftermath: readonly string[];
}

const gunners = 8;
const faultsMax = 20;

/** Fires at a cell of its own from several connections at once, and looks at what is left. The same seed fires the same shots. */
export async function bombard({ requests, seed }: Bombardment): Promise<Report> {
  const world = await startWorld();
  const tally = new Tally();
  try {
    const begin = performance.now();
    // What a process needs once, such as compiled code and full caches, is no leak.
    const first = Math.ceil(requests / 10);
    await volley(world, tally, { from: 0, to: first, seed });
    const heapBefore = heapUsed();
    await volley(world, tally, { from: first, to: requests, seed });
    const durationMs = performance.now() - begin;
    const heapAfter = heapUsed();
    return {
      outcomes: tally.outcomes,
      requests,
      durationMs,
      faults: tally.faults,
      faultsAll: tally.faultsAll,
      heapBefore,
      heapAfter,
      aftermath: await aftermath(world),
    };
  } finally {
    await world.stop();
  }
}

interface Volley {
  readonly from: number;
  readonly to: number;
  readonly seed: string;
}

async function volley(world: World, tally: Tally, { from, to, seed }: Volley): Promise<void> {
  let next = from;
  const weights = Object.fromEntries(Object.entries(classes).map(([name, { weight }]) => [name, weight]));
  await Promise.all(
    Array.from({ length: gunners }, async () => {
      const connection = new Connection(world.port);
      while (next < to) {
        const random = new Prng(`${seed}/${next}`);
        next += 1;
        const name = random.weighted(weights);
        const shot = classes[name]?.gun(random, world);
        if (shot) await fire(connection, shot, { name, tally, world });
      }
      connection.close();
    }),
  );
}

interface Aim {
  readonly name: string;
  readonly tally: Tally;
  readonly world: World;
}

async function fire(connection: Connection, shot: Shot, { name, tally, world }: Aim): Promise<void> {
  if (shot.answers === 0) {
    await connection.abandon(shot.bytes);
    tally.count(name, 'abandoned');
    return;
  }
  const exchange = await connection.exchange(shot.bytes, shot.answers, shot.isBodiless);
  // What is sent after an answer that closes, or that nobody expected, must not answer the next shot.
  if (shot.mayClose || exchange.ending !== 'answered') connection.close();
  const { outcome, fault } = judge(shot, exchange, world);
  tally.count(name, outcome);
  if (fault !== undefined) tally.blame({ name, what: shot.what.slice(0, 200), fault });
}

class Tally {
  readonly outcomes = new Map<string, Map<string, number>>();
  readonly faults: Fault[] = [];
  faultsAll = 0;

  count(name: string, outcome: string): void {
    const counts = this.outcomes.get(name) ?? new Map<string, number>();
    this.outcomes.set(name, counts);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }

  blame(fault: Fault): void {
    this.faultsAll += 1;
    if (this.faults.length < faultsMax) this.faults.push(fault);
  }
}

/** After as many full collections as it takes until no more is freed. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new TypeError('the garbage collector is out of reach');
  for (let round = 0; round < 3; round += 1) collect();
  const { heapUsed: used, external } = process.memoryUsage();
  return used + external;
}
