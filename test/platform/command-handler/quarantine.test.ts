import { describe, expect, test } from 'vitest';
import { Bench, add } from './bench.ts';

const stream = 'counter-1';

describe('what is impossible stops its stream and nothing else', () => {
  test('an assertion that fails ends the command; the stream fails fast from then on, others go on', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    await bench.add(handler, stream, 1);
    await expect(handler.handle(stream, { type: 'Break' }, bench.context())).rejects.toMatchObject({
      name: 'ImpossibleState',
      message: 'broken on request',
    });
    bench.store.calls.length = 0;
    await expect(handler.handle(stream, add(1), bench.context())).rejects.toMatchObject({
      name: 'StreamQuarantined',
      retryable: false,
      stream,
      cause: { name: 'ImpossibleState' },
    });
    expect(bench.store.calls).toEqual([]);
    expect(bench.quarantined).toEqual([stream]);
    expect(handler.quarantined).toEqual([stream]);
    expect((await handler.handle('counter-2', add(1), bench.context())).outcome).toBe('committed');
    expect((await handler.load(stream, bench.deadline())).state.total).toBe(1);
  });

  test('a released stream is written again', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    await expect(handler.handle(stream, { type: 'Break' }, bench.context())).rejects.toThrow('broken');
    expect([handler.release(stream), handler.release(stream)]).toEqual([true, false]);
    expect((await handler.handle(stream, add(1), bench.context())).outcome).toBe('committed');
  });

  test('an event that cannot be folded never becomes durable', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    await expect(handler.handle(stream, { type: 'Poison' }, bench.context())).rejects.toThrow(
      'cannot be folded',
    );
    expect(await bench.commits(stream)).toEqual([]);
  });

  test('a store that does not answer puts nothing into quarantine', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    bench.store.faults.push('never-arrives', 'never-arrives');
    await expect(handler.handle(stream, add(1), bench.context())).rejects.toThrow('never-arrives');
    expect(handler.quarantined).toEqual([]);
  });

  test('the quarantine has a bound: the oldest goes, and comes back with its next failure', async () => {
    const bench = new Bench();
    const handler = bench.handler({ limits: { quarantineMax: 2 } });
    for (const name of ['counter-1', 'counter-2', 'counter-3', 'counter-1']) {
      await expect(handler.handle(name, { type: 'Break' }, bench.context())).rejects.toThrow(
        'broken on request',
      );
    }
    expect(handler.quarantined).toEqual(['counter-3', 'counter-1']);
  });
});

describe('a log that is not what was written', () => {
  test('a changed commit breaks the chain for who reads it from the log', async () => {
    const bench = new Bench();
    await bench.add(bench.rival(), stream, 3);
    bench.store.tamper = (commit) => (commit.version === 2 ? { ...commit, epoch: 99 } : commit);
    const handler = bench.handler();
    await expect(handler.stateAt(stream, { version: 9 }, bench.deadline())).rejects.toMatchObject({
      name: 'CorruptCommit',
      message: `${stream} version 3 does not carry the hash of the one before`,
    });
    expect(bench.quarantined).toEqual([stream]);
  });

  test('a conflict that does not connect with what the cache knows is read again, then stops the stream', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    await bench.add(handler, stream, 1);
    await bench.rival().handle(stream, add(1), bench.context());
    bench.store.tamper = (commit) => ({ ...commit, previousHash: 'another history' });
    bench.store.calls.length = 0;
    await expect(handler.handle(stream, add(1), bench.context())).rejects.toMatchObject({
      name: 'CorruptCommit',
    });
    expect(bench.store.calls).toEqual([`append ${stream}@2`, `read ${stream}@2`]);
    expect(bench.quarantined).toEqual([stream]);
  });

  test('a conflict that came back damaged is healed by reading', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    await bench.add(handler, stream, 1);
    await bench.rival().handle(stream, add(1), bench.context());
    let damaged = 1;
    bench.store.tamper = (commit) => (damaged-- > 0 ? { ...commit, previousHash: 'noise' } : commit);
    const outcome = await handler.handle(stream, add(1), bench.context());
    expect(outcome).toMatchObject({ commit: { version: 3 }, state: { total: 3 } });
  });

  test('an event of unknown type or schema stops the stream', async () => {
    const bench = new Bench();
    await bench.add(bench.rival(), stream, 1);
    bench.store.tamper = (commit) => ({ ...commit, events: [{ type: 'Added', schema: 2, data: {} }] });
    await expect(bench.handler().load(stream, bench.deadline())).rejects.toMatchObject({
      name: 'CorruptCommit',
    });
  });

  test('the alarm is raised once, however often the damage is read', async () => {
    const bench = new Bench();
    await bench.add(bench.rival(), stream, 1);
    bench.store.tamper = (commit) => ({ ...commit, events: [{ type: 'Unknown', schema: 1, data: {} }] });
    const handler = bench.handler();
    for (let time = 0; time < 3; time += 1) {
      await expect(handler.load(stream, bench.deadline())).rejects.toThrow('Unknown schema 1 is unknown');
    }
    expect(bench.quarantined).toEqual([stream]);
  });

  test('a missing version stops the stream', async () => {
    const bench = new Bench();
    await bench.add(bench.rival(), stream, 3);
    bench.store.tamper = (commit) => (commit.version === 2 ? { ...commit, version: 3 } : commit);
    await expect(bench.handler().stateAt(stream, { version: 3 }, bench.deadline())).rejects.toMatchObject({
      name: 'VersionGap',
      message: `${stream} version 3 does not follow ${stream} version 1`,
    });
  });

  test('a key remembered for a commit that does not carry it stops the stream', async () => {
    const bench = new Bench();
    const rival = bench.rival();
    await rival.handle(stream, add(1), bench.keyed('place'));
    const handler = bench.handler();
    await handler.load(stream, bench.deadline());
    await handler.handle(stream, add(1), bench.context());
    bench.store.tamper = (commit) => ({ ...commit, commandId: 'another' });
    await expect(handler.handle(stream, add(1), bench.keyed('place'))).rejects.toMatchObject({
      name: 'CorruptCommit',
    });
  });
});
