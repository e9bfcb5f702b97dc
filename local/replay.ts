import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { PassThrough, pipeline } from 'node:stream';
import { parseArgs } from 'node:util';
import { createGunzip } from 'node:zlib';
import { type FlowFault, FlowReader } from '../domain/venue/flow-reader.ts';
import { FlowReplay } from '../domain/venue/flow-replay.ts';
import { unreadableFile } from './unreadable-file.ts';

const USAGE = 'usage: npm run --silent replay -- FILE.csv[.gz] [--hash] [--time]';
const CHUNK_BYTES = 1 << 16;

interface Totals {
  messages: number;
  engineMs: number;
}

/** Where the canonical text goes, piece by piece. */
interface Output {
  write(text: string): Promise<void>;
  end(): Promise<void>;
}

async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

function printed(): Output {
  return { write: print, end: () => Promise.resolve() };
}

function hashed(): Output {
  const hash = createHash('sha256');
  return {
    write(text) {
      hash.update(text);
      return Promise.resolve();
    },
    end: () => print(hash.digest('hex')),
  };
}

/** One chunk of the file at a time, so that memory does not grow with the file. */
function readChunks(path: string): AsyncIterable<Buffer> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const plain = path.endsWith('.gz') ? createGunzip({ chunkSize: CHUNK_BYTES }) : new PassThrough();
  // A failure destroys `plain` with the error, which ends the loop that reads it.
  return pipeline(file, plain, () => undefined);
}

/** The engine's share alone is timed: reading, writing and hashing are not matching. */
function applyAll(reader: FlowReader, replay: FlowReplay, ends: number[]): number {
  const start = performance.now();
  for (let index = 0; index < reader.count; index += 1) {
    const message = reader.at(index);
    if (message !== undefined) replay.apply(message);
    ends[index] = replay.reportCount;
  }
  return performance.now() - start;
}

/** The canonical lines of all messages read, up to the first one that the book refuses. */
function describeAll(
  reader: FlowReader,
  replay: FlowReplay,
  ends: readonly number[],
): [string, FlowFault | undefined] {
  let text = '';
  let from = 0;
  for (let index = 0; index < reader.count; index += 1) {
    const message = reader.at(index);
    const to = ends[index];
    if (message === undefined || to === undefined) break;
    const fault = replay.refusal(message, from);
    if (fault !== undefined) return [text, fault];
    text += replay.describe(message, from, to);
    from = to;
  }
  return [text, undefined];
}

async function replayFile(path: string, output: Output, totals: Totals): Promise<FlowFault | undefined> {
  const reader = new FlowReader();
  const replay = new FlowReplay();
  const ends: number[] = [];
  let newline = '';
  const step = async (): Promise<FlowFault | undefined> => {
    totals.engineMs += applyAll(reader, replay, ends);
    totals.messages += reader.count;
    const [text, fault] = describeAll(reader, replay, ends);
    // The text has no newline at its end, so the last one waits for the line that follows.
    if (text !== '') await output.write(newline + text.slice(0, -1));
    if (text !== '') newline = '\n';
    reader.clear();
    replay.clear();
    return fault ?? reader.fault;
  };
  for await (const chunk of readChunks(path)) {
    reader.feed(chunk);
    const fault = await step();
    if (fault !== undefined) return fault;
  }
  reader.end();
  return step();
}

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { hash: { type: 'boolean', default: false }, time: { type: 'boolean', default: false } },
  });
  const [path] = positionals;
  if (path === undefined || positionals.length !== 1) throw new Error(USAGE);
  const totals: Totals = { messages: 0, engineMs: 0 };
  const output = values.hash ? hashed() : printed();
  let fault: FlowFault | undefined;
  try {
    fault = await replayFile(path, output, totals);
  } catch (error) {
    const unreadable = unreadableFile(path, error);
    if (unreadable === undefined) throw error;
    console.error(unreadable);
    return 2;
  }
  if (fault !== undefined) throw new Error(`${path}: line ${fault.line}, ${fault.field}: ${fault.problem}`);
  await output.end();
  if (values.time) {
    const rate = Math.round((totals.messages / totals.engineMs) * 1000);
    console.error(`${totals.messages} messages, ${rate} messages per second in the engine`);
  }
  return 0;
}

// Whoever reads the text may stop early, as `head` does; that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
