import { expect, test } from 'vitest';
import { systemClock } from '../../../platform/clock/clock.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { type BusEvent, InProcessBus } from '../../../platform/event-bus/in-process.ts';
import { publisherContract } from '../../contract/publisher.ts';
import { aCommit } from '../../support/commits.ts';

publisherContract('the bus in this process', async () => {
  const publisher = new InProcessBus();
  const handed: BusEvent[] = [];
  let isDown = false;
  publisher.subscribe(['order'], async (events) => {
    if (isDown) throw new Error('down');
    handed.push(...events);
  });
  const breakDown = () => {
    isDown = true;
  };
  return { publisher, handed: () => handed, breakDown, close: async () => undefined };
});

test('a subscriber is handed the kinds it asked for, until it stops', async () => {
  const bus = new InProcessBus();
  const kinds: string[] = [];
  const stop = bus.subscribe(['order', 'venue'], async (events) => {
    kinds.push(...events.map((event) => event['detail-type']));
  });
  const commits = ['order-1', 'account-1', 'venue-SIM-1'].map((stream) => aCommit({ stream }));
  await bus.publish(commits, deadlineIn(1_000, systemClock));
  stop();
  await bus.publish(commits, deadlineIn(1_000, systemClock));
  expect(kinds).toEqual(['order', 'venue']);
});

test('one subscriber that fails is said of the entries it wanted only', async () => {
  const bus = new InProcessBus();
  bus.subscribe(['venue'], async () => {
    throw new Error('down');
  });
  const commits = [aCommit({ stream: 'order-1' }), aCommit({ stream: 'venue-SIM-1' })];
  const answers = await bus.publish(commits, deadlineIn(1_000, systemClock));
  expect(answers.map(({ outcome }) => outcome)).toEqual(['published', 'unavailable']);
});
