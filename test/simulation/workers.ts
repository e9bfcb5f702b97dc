import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Range, spans, undone } from './seeds.ts';

/** What a world came to, as its worker says it. */
export interface Line {
  readonly seed: number;
  readonly steps: number;
  readonly commits: number;
  readonly tally: readonly (readonly [string, number])[];
  readonly failure?: string;
}

interface Worker {
  readonly name: string;
  readonly part: Range;
  readonly child: ChildProcessWithoutNullStreams;
}

export function partsOf({ from, seeds }: Range, workers: number): readonly Range[] {
  const each = Math.ceil(seeds / workers);
  return Array.from({ length: workers }, (_, index) => ({
    from: from + index * each,
    seeds: Math.min(each, seeds - index * each),
  })).filter((part) => part.seeds > 0);
}

/**
 * Every part of a range in a process of its own. The first world that fails ends them all. Returns what is to be said of workers that ended
 * as no worker should: of what they had not done nothing is known.
 */
export async function spread(
  parts: readonly Range[],
  start: (part: Range) => ChildProcessWithoutNullStreams,
  told: (line: Line) => void,
): Promise<readonly string[]> {
  const workers = parts.map((part, index) => ({
    name: `worker ${index + 1} of ${parts.length}`,
    part,
    child: start(part),
  }));
  const tellAll = (line: Line) => {
    told(line);
    if (line.failure !== undefined) for (const { child } of workers) child.kill();
  };
  const ends = await Promise.all(workers.map(async (worker) => endOf(worker, tellAll)));
  return ends.filter((end) => end !== undefined);
}

async function endOf({ name, part, child }: Worker, told: (line: Line) => void): Promise<string | undefined> {
  const closed = once(child, 'close');
  child.stderr.pipe(process.stderr, { end: false });
  const done = new Set<number>();
  for await (const text of createInterface({ input: child.stdout })) {
    const line = read(text);
    if (!line) continue;
    done.add(line.seed);
    told(line);
  }
  const [code, signal]: unknown[] = await closed;
  if (code === 0 || child.killed) return undefined;
  const how = typeof signal === 'string' ? signal : `exit code ${String(code)}`;
  return `${name} died with ${how}; seeds not done: ${spans(undone(part, done))}`;
}

/** Undefined for half a line, the last of a worker that died: its seed counts as not done. */
function read(text: string): Line | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
