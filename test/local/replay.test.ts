import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';

const repository = join(import.meta.dirname, '..', '..');
const flows = join(repository, '..', 'shared', 'flows');
const small = join(flows, 'normal-3000.csv');
const expectedText = join(flows, 'normal-3000.expected.txt');
const large = join(flows, 'normal-1000000.csv.gz');
const scratch = mkdtempSync(join(tmpdir(), 'ordercell-replay-'));

afterAll(() => rmSync(scratch, { recursive: true }));

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function replay(args: readonly string[], nodeArgs: readonly string[] = []): Run {
  const command = [...nodeArgs, join(repository, 'local', 'replay.ts'), ...args];
  return spawnSync(process.execPath, command, { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 25_000 });
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}

const header = 'seq,type,side,ioc,qty,order_id,price_ticks\n';

describe('the canonical report', () => {
  const flow = `${header}0,N,S,0,5,1,100\n1,N,S,0,5,2,101\n2,N,B,1,7,3,100\n3,M,S,0,3,2,99\n4,N,B,0,1,4,98\n5,M,B,0,9,4,99\n6,C,S,0,3,2,99\n7,M,S,0,3,2,99\n8,C,B,0,6,4,99`;
  const text = [
    '0,0,1,1,100,5',
    '0,1,1,2,101,5',
    '0,2,0,3,100,7',
    '1,2,100,5,1,3',
    '2,2,0,3,100',
    '3,3,1,2,99,3',
    '0,4,0,4,98,1',
    '1,5,99,3,2,4',
    '3,5,0,4,99,9',
    '4,6,2',
    '5,7,2',
    '2,8,0,4,99',
  ].join('\n');

  test('has its lines by sequence, then kind, and no newline at the end', () => {
    expect(replay([file('kinds.csv', flow)])).toEqual(
      expect.objectContaining({ status: 0, stdout: text, stderr: '' }),
    );
  });

  test('is the same from a compressed file and one with Windows line ends', () => {
    expect(replay([file('kinds.csv.gz', gzipSync(flow))]).stdout).toBe(text);
    expect(replay([file('windows.csv', flow.replaceAll('\n', '\r\n'))]).stdout).toBe(text);
  });

  test('is only hashed with --hash, and timed on standard error with --time', () => {
    const { stdout, stderr } = replay([file('kinds.csv', flow), '--hash', '--time']);
    expect(stdout).toBe(createHash('sha256').update(text).digest('hex'));
    expect(stderr).toMatch(/^9 messages, \d+ messages per second in the engine\n$/);
  });
});

describe('a malformed flow names the line and the field', () => {
  const valid = '0,N,S,0,5,1,100\n';
  test.each([
    ['an empty file', '', 'line 1, header: the file is empty'],
    [
      'another header',
      'seq,type\n',
      'line 1, header: expected seq,type,side,ioc,qty,order_id,price_ticks, found "seq,type"',
    ],
    [
      'a missing field',
      `${header}${valid}1,N,S,0,5,2\n`,
      'line 3, price_ticks: expected a whole number, found nothing',
    ],
    [
      'an extra field',
      `${header}0,N,S,0,5,1,100,7\n`,
      'line 2, price_ticks: more fields follow than the header names',
    ],
    ['an empty line', `${header}${valid}\n${valid}`, 'line 3, seq: expected a whole number, found nothing'],
    ['an unknown type', `${header}0,X,S,0,5,1,100\n`, 'line 2, type: expected one of N, C, M, found "X"'],
    ['an unknown side', `${header}0,N,Sell,0,5,1,100\n`, 'line 2, side: expected one of B, S, found "Sell"'],
    ['another ioc', `${header}0,N,S,2,5,1,100\n`, 'line 2, ioc: expected one of 0, 1, found "2"'],
    ['a fraction', `${header}0,N,S,0,5.5,1,100\n`, 'line 2, qty: expected a whole number, found "5.5"'],
    ['no quantity', `${header}0,N,S,0,0,1,100\n`, 'line 2, qty: an order needs a quantity'],
    ['a negative id', `${header}0,N,S,0,5,-1,100\n`, 'line 2, order_id: expected a whole number, found "-1"'],
    [
      'a price out of range',
      `${header}0,N,S,0,5,1,999999999999\n`,
      'line 2, price_ticks: 999999999999 is above 549755813887',
    ],
    ['a repeated sequence', `${header}${valid}0,N,S,0,5,2,100\n`, 'line 3, seq: 0 does not follow 0'],
    [
      'a working order placed again',
      `${header}${valid}1,N,S,0,5,1,100\n`,
      'line 3, order_id: the book refuses the order: duplicate_order',
    ],
    ['an endless line', `${header}${'1'.repeat(2000)}`, 'line 2, seq: the line has more than 512 bytes'],
  ])('%s', (name, content, fault) => {
    const path = file('malformed.csv', content);
    const { status, stderr } = replay([path]);
    expect([name, status, stderr]).toEqual([name, 1, `${path}: ${fault}\n`]);
  });

  test('a file that is not there, or is none, is said so in one line', () => {
    const missing = join(scratch, 'missing.csv');
    expect(replay([missing])).toMatchObject({ status: 2, stdout: '', stderr: `${missing}: no such file\n` });
    const { status, stderr } = replay([scratch]);
    expect([status, stderr]).toEqual([2, `${scratch}: is a folder, not a file\n`]);
  });

  test('a cut and an unnamed file fail with a message', () => {
    const cut = file('cut.csv.gz', gzipSync(header + valid).subarray(0, -9));
    for (const args of [[cut], [], [cut, cut], ['--unknown']]) {
      const { status, stderr } = replay(args);
      expect(status).toBe(1);
      expect(stderr).not.toBe('');
      expect(stderr).not.toContain('    at ');
    }
  });
});

/** The recorded flows are no part of the project. Where they are, they must be complete. */
const present = existsSync(flows);
if (!present) console.warn(`NOT TESTED: the recorded flows are not at ${flows}`);

describe.skipIf(!present)('the recorded flows', () => {
  test('the small flow gives its expected text byte by byte', () => {
    expect(replay([small]).stdout).toBe(readFileSync(expectedText, 'utf8'));
  });

  test('the large flow runs in a heap much smaller than its text', () => {
    const { status, stdout, stderr } = replay([large, '--hash'], ['--max-old-space-size=24']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toBe('e9b2e3926854410b01a035aeb25dd05f1e597c233be8263de9eb49b6713d367e');
  });
});
