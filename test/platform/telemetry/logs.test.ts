import { Logger } from '@aws-lambda-powertools/logger';
import { expect, test } from 'vitest';
import { jsonLine, LineLog, readableLine } from '../../../platform/telemetry/line-log.ts';
import type { Log } from '../../../platform/telemetry/port.ts';
import { PowertoolsLog } from '../../../platform/telemetry/powertools-log.ts';

type Line = Record<string, unknown>;

function viaPowertools(say: (log: Log) => void): Line[] {
  const lines: Line[] = [];
  class Caught extends Logger {
    override printLog(_level: number, log: { getAttributes(): Line }): void {
      lines.push(JSON.parse(JSON.stringify(log.getAttributes(), this.getJsonReplacer())) as Line);
    }
  }
  say(new PowertoolsLog(new Caught({ serviceName: 'ordercell' })));
  return lines;
}

function viaLines(say: (log: Log) => void): Line[] {
  const texts: string[] = [];
  const log = new LineLog((text) => void texts.push(text), jsonLine('ordercell'));
  say(log);
  log.flush();
  return texts
    .join('')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as Line);
}

test('a line has the same names wherever it is written', () => {
  const say = (log: Log) => {
    log.info('request', { status: 200, reason: undefined });
    log.warn('slow');
    log.error('failed', new Error('outer', { cause: new Error('inner') }), { stream: 'order-1' });
  };
  const [ours, theirs] = [viaLines(say), viaPowertools(say)];
  const common = ['level', 'message', 'service', 'timestamp', 'status', 'stream'];
  for (const [index, line] of ours.entries()) {
    for (const name of common)
      expect([name, typeof line[name]]).toEqual([name, typeof theirs[index]?.[name]]);
  }
  for (const lines of [ours, theirs]) {
    expect(lines[2]).toMatchObject({
      level: 'ERROR',
      error: { name: 'Error', message: 'outer', cause: { message: 'inner' }, stack: expect.any(String) },
    });
  }
});

test('lines of one turn go out in one write, and a full buffer at once', () => {
  const writes: string[] = [];
  const log = new LineLog((text) => void writes.push(text), jsonLine('ordercell'));
  log.info('one');
  log.info('two');
  expect(writes).toEqual([]);
  log.info('x'.repeat(70_000));
  expect(writes).toHaveLength(1);
  log.flush();
  expect(writes).toHaveLength(1);
});

test('a person reads time, level, words and fields', () => {
  const line = { level: 'INFO', timestamp: '2026-11-23T15:00:00.123Z', message: 'request' } as const;
  expect(readableLine({ ...line, fields: { status: 200, reason: undefined } })).toBe(
    '15:00:00.123 INFO  request status=200',
  );
});
