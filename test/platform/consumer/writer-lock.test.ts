import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ListsHeld, lockForWriting } from '../../../platform/consumer/writer-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ordercell-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a second writer is told who the first one is, and comes in after it', () => {
  const release = lockForWriting(folder);
  expect(() => lockForWriting(folder, 20)).toThrow(ListsHeld);
  expect(() => lockForWriting(folder, 20)).toThrow(`process ${process.pid}`);
  release();
  lockForWriting(folder, 20)();
  expect(existsSync(join(folder, 'views.pid'))).toBe(false);
});

test('who comes while a predecessor dies waits for it', async () => {
  const predecessor = fork(new URL('../../support/lists-holder.ts', import.meta.url), [folder]);
  await once(predecessor, 'message');
  expect(() => lockForWriting(folder, 20)).toThrow(`process ${predecessor.pid}`);
  predecessor.send('die');
  lockForWriting(folder)();
});
