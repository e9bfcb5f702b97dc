import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Job, Result } from './load.ts';

/** A process of its own that makes the load, so that making it takes no time of the server's. `disconnect` ends it. */
export function startGenerator(): ChildProcess {
  return fork(join(import.meta.dirname, 'generator.ts'));
}

/** Throws when the load could not be made. */
export async function runLoad(generator: ChildProcess, job: Job): Promise<Result> {
  generator.send(job);
  const [answer] = await once(generator, 'message');
  const { result, error } = Object(answer);
  if (error !== undefined) throw new Error(`the load could not be made: ${String(error)}`);
  return result;
}
