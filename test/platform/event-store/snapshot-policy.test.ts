import { describe, expect, test } from 'vitest';
import { encodeCommit } from '../../../platform/event-store/codec.ts';
import { commitBytes, writeUnits } from '../../../platform/event-store/item-size.ts';
import { limits } from '../../../platform/event-store/limits.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import {
  firstPage,
  pageSize,
  secondPage,
  snapshotInterval,
  withSnapshot,
} from '../../../platform/event-store/snapshot-policy.ts';
import { aCommit, eventOfBytes } from '../../support/commits.ts';

const units = (commit: Commit): number => writeUnits(commitBytes(encodeCommit(commit)));
const state = (bytes: number): { readonly note: string } => ({
  note: 'x'.repeat(bytes - '{"note":""}'.length),
});

describe('a snapshot', () => {
  test('goes into every sixteenth commit, whatever it costs', () => {
    const snapshot = { fingerprint: 'f', state: state(3_000) };
    const versions = Array.from({ length: 64 }, (_, index) => index + 1);
    const carrying = versions.filter((version) => withSnapshot(aCommit({ version }), snapshot).snapshot);
    expect(carrying).toEqual([16, 32, 48, 64]);
  });

  test('goes into any commit whose write units have room for it, to the byte', () => {
    const commit = aCommit({ version: 3, events: [eventOfBytes(200)] });
    const room = 1024 - commitBytes(encodeCommit(commit)) - 'fold'.length - 'f'.length - 'state'.length;
    const fitting = withSnapshot(commit, { fingerprint: 'f', state: state(room) });
    expect(fitting.snapshot).toBeDefined();
    expect(commitBytes(encodeCommit(fitting))).toBe(1024);
    expect(withSnapshot(commit, { fingerprint: 'f', state: state(room + 1) })).toBe(commit);
  });

  test('uses the room of a commit that costs several units anyway', () => {
    const commit = aCommit({ version: 3, events: [eventOfBytes(1_100)] });
    const carrying = withSnapshot(commit, { fingerprint: 'f', state: state(600) });
    expect(carrying.snapshot).toBeDefined();
    expect(units(carrying)).toBe(units(commit));
  });

  test('never goes into the first commit: whoever reads that far has the whole stream', () => {
    const commit = aCommit({ version: 1 });
    expect(withSnapshot(commit, { fingerprint: 'f', state: state(20) })).toBe(commit);
  });

  test('that would make a commit too large to write is left out, even when due', () => {
    const commit = aCommit({ version: 16 });
    expect(withSnapshot(commit, { fingerprint: 'f', state: state(limits.commitBytes) })).toBe(commit);
  });

  test('is met within the first two pages of a tail', () => {
    expect(firstPage + secondPage).toBe(snapshotInterval);
    expect([pageSize(0), pageSize(1)]).toEqual([firstPage, secondPage]);
  });
});
