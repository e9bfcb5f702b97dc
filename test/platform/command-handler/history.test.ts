import { describe, expect, test } from 'vitest';
import type { Aggregate } from '../../../platform/command-handler/aggregate.ts';
import type { CommandHandlerOptions } from '../../../platform/command-handler/command-handler.ts';
import { add, Bench } from './bench.ts';
import { type CounterCommand, type CounterEvent, type CounterState, counter } from './counter.ts';

const stream = 'counter-1';

/** Closing this counter takes its whole history: it records in `given` what it was decided with. */
function forgetful(given: (readonly CounterEvent[])[]): {
  aggregate: Aggregate<CounterCommand, CounterState, CounterEvent>;
} {
  return {
    aggregate: {
      ...counter,
      history: {
        isNeeded: (command) => command.type === 'Close',
        given: (command, events) => {
          given.push(events);
          return command;
        },
      },
    },
  };
}

type Options = Partial<CommandHandlerOptions<CounterCommand, CounterState, CounterEvent>>;

function setUp(): { bench: Bench; given: (readonly CounterEvent[])[]; options: Options } {
  const given: (readonly CounterEvent[])[] = [];
  return { bench: new Bench(), given, options: forgetful(given) };
}

describe('a command that needs the history', () => {
  test('gets every event, also those before the snapshot the state came from', async () => {
    const { bench, given, options } = setUp();
    await bench.add(bench.rival(), stream, 40);
    const outcome = await bench.handler(options).handle(stream, { type: 'Close' }, bench.context());
    expect(outcome).toMatchObject({ outcome: 'committed', commit: { version: 41 }, state: { total: 40 } });
    expect(given.map(({ length }) => length)).toEqual([40]);
  });

  test('is decided at exactly the version it was given', async () => {
    const { bench, given, options } = setUp();
    const rival = bench.rival();
    await bench.add(rival, stream, 2);
    bench.store.faults.push(() => rival.handle(stream, add(5), bench.context()));
    const outcome = await bench.handler(options).handle(stream, { type: 'Close' }, bench.context());
    expect(outcome).toMatchObject({ outcome: 'committed', commit: { version: 4 }, state: { total: 7 } });
    expect(given.map(({ length }) => length)).toEqual([2, 3]);
  });

  test('sees what another process wrote since the cache was filled', async () => {
    const { bench, given, options } = setUp();
    const handler = bench.handler(options);
    await bench.add(handler, stream, 1);
    await bench.add(bench.rival(), stream, 3);
    await handler.handle(stream, { type: 'Close' }, bench.context());
    expect(given.map(({ length }) => length)).toEqual([4]);
  });

  test('recognises its own commit when the answer was lost', async () => {
    const { bench, options } = setUp();
    await bench.add(bench.rival(), stream, 1);
    bench.store.faults.push('arrives-late', async () => {
      await bench.store.deliver();
    });
    const outcome = await bench.handler(options).handle(stream, { type: 'Close' }, bench.context());
    expect(outcome).toMatchObject({ outcome: 'committed', state: { isClosed: true } });
    expect(await bench.types(stream)).toEqual(['Added', 'Closed']);
  });

  test('others cost no read of the history', async () => {
    const { bench, given, options } = setUp();
    const handler = bench.handler(options);
    await bench.add(handler, stream, 20);
    expect(given).toEqual([]);
    expect(bench.store.calls.filter((call) => call.startsWith('read '))).toEqual([]);
  });
});
