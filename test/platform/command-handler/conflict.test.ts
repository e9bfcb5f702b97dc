import { describe, expect, test } from 'vitest';
import { deafCounter } from './counter.ts';
import { Bench, type CounterHandler, add } from './bench.ts';

const stream = 'counter-1';

describe('a cached writer and a competing one', () => {
  test('the first conflict costs no read: the commit that came back is folded', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    await bench.add(handler, stream, 2);
    await bench.rival().handle(stream, add(50), bench.context());
    bench.store.calls.length = 0;
    const outcome = await handler.handle(stream, add(1), bench.context());
    expect(outcome).toMatchObject({ outcome: 'committed', commit: { version: 4 }, state: { total: 53 } });
    expect(bench.store.calls).toEqual([`append ${stream}@3`, `append ${stream}@4`]);
  });

  test('forty versions behind it needs one read and three writes', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    await bench.add(handler, stream, 5);
    await bench.add(bench.rival(), stream, 40);
    bench.store.calls.length = 0;
    const outcome = await handler.handle(stream, add(1), bench.context());
    expect(outcome).toMatchObject({ outcome: 'committed', commit: { version: 46 }, state: { total: 46 } });
    expect(bench.store.calls).toEqual([
      `append ${stream}@6`,
      `append ${stream}@7`,
      `read ${stream}@8`,
      `append ${stream}@46`,
    ]);
  });

  test('the rules are applied anew to what the other one did', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    await bench.add(handler, stream, 1);
    await bench.rival().handle(stream, { type: 'Close' }, bench.context());
    const outcome = await handler.handle(stream, add(1), bench.context());
    expect(outcome).toMatchObject({ outcome: 'committed', events: [{ data: { reason: 'closed' } }] });
  });

  test('"already in effect" is never answered from the cache alone', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    await handler.handle(stream, { type: 'Close' }, bench.context());
    bench.store.calls.length = 0;
    const outcome = await handler.handle(stream, { type: 'Close' }, bench.context());
    expect(outcome).toEqual({
      outcome: 'unchanged',
      version: 1,
      state: expect.objectContaining({ isClosed: true }),
    });
    expect(bench.store.calls).toEqual([`read ${stream}@2`]);
  });

  test('a conflict where a snapshot was due leaves whole snapshots only', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    await bench.add(handler, stream, 15);
    await bench.rival().handle(stream, add(100), bench.keyed('rival'));
    await handler.handle(stream, add(1), bench.keyed('ours'));
    const [sixteenth, seventeenth] = (await bench.commits(stream)).slice(15);
    expect(sixteenth?.snapshot?.state).toMatchObject({ state: { total: 115 }, recent: [['rival', 16]] });
    expect(seventeenth).toMatchObject({ version: 17, commandId: 'ours' });
    const reread = await bench.rival().load(stream, bench.deadline());
    expect(reread).toEqual(await handler.load(stream, bench.deadline()));
  });

  test('what a cache knows is only replaced by what was written', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    await bench.add(handler, stream, 1);
    bench.store.faults.push('never-arrives', 'never-arrives');
    await expect(handler.handle(stream, add(100), bench.context())).rejects.toThrow('never-arrives');
    bench.store.calls.length = 0;
    const outcome = await handler.handle(stream, add(1), bench.context());
    expect(outcome).toMatchObject({ commit: { version: 2 }, state: { total: 2 } });
    expect(bench.store.calls[0]).toBe(`readTail ${stream}`);
  });
});

describe('two writers of a new stream', () => {
  test('placing costs one write and no read when the stream is expected to be new', async () => {
    const bench = new Bench();
    await bench.handler().handle(stream, add(1), bench.context({ expectNew: true }));
    expect(bench.store.calls).toEqual([`append ${stream}@1`]);
  });

  test('the same request placed twice is one order, and both get the same answer', async () => {
    const bench = new Bench();
    const place = async (handler: CounterHandler) =>
      handler.handle(stream, add(5), bench.keyed('place', 'request', { expectNew: true }));
    const [one, other] = await Promise.all([place(bench.handler()), place(bench.handler())]);
    expect([one.outcome, other.outcome]).toEqual(['committed', 'replayed']);
    expect({ ...one, outcome: '' }).toEqual({ ...other, outcome: '' });
    expect(bench.store.calls).toEqual([`append ${stream}@1`, `append ${stream}@1`]);
  });

  test('another request under the same key is told so', async () => {
    const bench = new Bench();
    const place = async (requestHash: string) =>
      bench.handler().handle(stream, add(5), bench.keyed('place', requestHash, { expectNew: true }));
    const [one, other] = await Promise.all([place('one'), place('other')]);
    expect([one.outcome, other.outcome]).toEqual(['committed', 'key-reused']);
  });

  test('the answer to a late repetition is the first commit, however long the stream has become', async () => {
    const bench = new Bench();
    const rival = bench.rival();
    await rival.handle(stream, add(5), bench.keyed('place'));
    await bench.add(rival, stream, 40);
    const outcome = await bench
      .handler()
      .handle(stream, add(5), bench.keyed('place', 'request-1', { expectNew: true }));
    expect(outcome).toMatchObject({ outcome: 'replayed', commit: { version: 1 }, state: { total: 5 } });
    expect(bench.store.calls).toEqual([`append ${stream}@1`]);
  });

  test('a stream wrongly taken for new is read before "already in effect" is answered', async () => {
    const bench = new Bench();
    const rival = bench.rival();
    await rival.handle(stream, add(5), bench.context());
    await rival.handle(stream, { type: 'Close' }, bench.context());
    const outcome = await bench
      .handler()
      .handle(stream, { type: 'Close' }, bench.context({ expectNew: true }));
    expect(outcome).toMatchObject({ outcome: 'unchanged', version: 2, state: { total: 5 } });
  });
});

describe('items and streams beside the own one', () => {
  test('a refusal is decided on the item that came back, and recorded', async () => {
    const bench = new Bench();
    await bench.deposit(60);
    const outcome = await bench.handler().handle(stream, { type: 'Reserve', cash: 100 }, bench.context());
    expect(outcome).toMatchObject({ events: [{ type: 'Denied', data: { reason: 'cash', value: 60 } }] });
    expect(await bench.types(stream)).toEqual(['Denied']);
  });

  test('a refusal that races another writer of the same request yields to its success', async () => {
    const bench = new Bench();
    const rival = bench.rival();
    const handler = bench.handler();
    const reserve = { type: 'Reserve', cash: 100 } as const;
    const success = async () => {
      await bench.deposit(100);
      await rival.handle(stream, reserve, bench.keyed('place'));
    };
    bench.store.faults.push('none', success);
    const outcome = await handler.handle(
      stream,
      reserve,
      bench.keyed('place', 'request-1', { expectNew: true }),
    );
    expect(outcome).toMatchObject({ outcome: 'replayed', events: [{ type: 'Reserved' }] });
    expect(await bench.types(stream)).toEqual(['Reserved']);
  });

  test('streams that begin with a commit name it as their cause and share its time and actor', async () => {
    const bench = new Bench();
    const context = bench.keyed('replace', 'request', { correlationId: 'c', config: 'v7', epoch: 3 });
    const outcome = await bench.handler().handle(stream, { type: 'Alias', name: 'a' }, context);
    const [main] = await bench.commits(stream);
    const [alias] = await bench.commits('counter-a');
    expect(outcome).toMatchObject({ outcome: 'committed', commit: { stream } });
    expect(main).toMatchObject({ commandId: 'replace', requestHash: 'request', epoch: 3 });
    const { at, actor, cell, epoch, config, correlationId } = { ...main };
    expect(alias).toEqual({
      at,
      actor,
      cell,
      epoch,
      config,
      correlationId,
      stream: 'counter-a',
      version: 1,
      events: main?.events,
      commitId: 'process1-2',
      causationId: main?.commitId,
    });
  });

  test('a stream that has begun already is told to the command, which decides again', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    await handler.handle('counter-0', { type: 'Alias', name: 'a' }, bench.context());
    const outcome = await handler.handle(stream, { type: 'Alias', name: 'a' }, bench.context());
    const [alias] = await bench.commits('counter-a');
    expect(outcome).toMatchObject({ events: [{ data: { reason: 'taken', value: alias?.commitId } }] });
  });

  test('an aggregate that asks for what it cannot be told about is a mistake of its author, not of the stream', async () => {
    const bench = new Bench();
    const handler = bench.handler({ aggregate: deafCounter });
    await bench.add(handler, 'counter-a', 1);
    for (const command of [
      { type: 'Alias', name: 'a' },
      { type: 'Reserve', cash: 1 },
    ] as const) {
      await expect(handler.handle(stream, command, bench.context())).rejects.toThrow(TypeError);
    }
    expect(handler.quarantined).toEqual([]);
  });
});
