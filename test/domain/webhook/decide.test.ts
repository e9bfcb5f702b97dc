import { expect, test } from 'vitest';
import { accountId } from '../../../domain/values/ids.ts';
import { timestamp } from '../../../domain/values/time.ts';
import type { CreateWebhook, WebhookCommand } from '../../../domain/webhook/commands.ts';
import { decide, madeMax, webhook } from '../../../domain/webhook/decide.ts';
import { effects, observe } from '../../../domain/webhook/effects.ts';
import { statusOf, type WebhookState } from '../../../domain/webhook/state.ts';

const create: CreateWebhook = {
  do: 'create',
  webhookId: 'w',
  accountId: accountId('a'),
  url: 'https://example.com/hook',
  events: 'all',
  active: true,
  after: 7,
  secretFrom: 'm1',
  openMax: 2,
};

function after(...commands: readonly WebhookCommand[]): WebhookState {
  let state = webhook.initial;
  for (const [index, command] of commands.entries())
    for (const event of decide(command, state)) state = webhook.evolve(state, event, timestamp(index + 1));
  return state;
}

const statusAfter = (...commands: readonly WebhookCommand[]) => {
  const state = after(...commands);
  return state.kind === 'webhook' ? statusOf(state) : state.kind;
};
const rotate: WebhookCommand = { do: 'rotate-secret', secretFrom: 'm2', previousUntil: timestamp(99) };
const suspend: WebhookCommand = { do: 'suspend', number: 9 };

test('a webhook is created once', () => {
  expect(after(create)).toMatchObject({ kind: 'webhook', secret: { rotation: 0, from: 'm1' }, after: 7 });
  expect(decide(create, after(create))).toEqual([]);
});

test('rotating makes the next secret, and the one before goes on until then', () => {
  expect(after(create, rotate)).toMatchObject({
    secret: { rotation: 1, from: 'm2' },
    previous: { rotation: 0, from: 'm1', until: 99 },
  });
  expect(after(create, rotate, { ...rotate, secretFrom: 'm3' })).toMatchObject({
    secret: { rotation: 2, from: 'm3' },
    previous: { rotation: 1, from: 'm2' },
  });
});

test('only what changes is an event', () => {
  const state = after(create);
  expect(decide({ do: 'change', url: create.url, events: 'all', active: true }, state)).toEqual([]);
  expect(decide({ do: 'change', events: ['fill'], active: false }, state)).toMatchObject([
    { type: 'WebhookChanged', data: { events: ['fill'], active: false } },
  ]);
  const picky = after({ ...create, events: ['fill', 'new'] });
  expect(decide({ do: 'change', events: ['new', 'fill'] }, picky)).toEqual([]);
});

test('what is suspended is resumed by saying that it is active, and by nothing else', () => {
  expect(statusAfter(create, suspend)).toBe('suspended');
  expect(statusAfter(create, suspend, { do: 'change', url: 'https://example.com/other' })).toBe('suspended');
  expect(statusAfter(create, suspend, rotate)).toBe('suspended');
  expect(statusAfter(create, suspend, { do: 'change', active: true })).toBe('active');
  expect(statusAfter(create, suspend, { do: 'change', active: false })).toBe('paused');
});

test('nothing is suspended twice, or while it is paused', () => {
  expect(decide(suspend, after(create, suspend))).toEqual([]);
  expect(decide(suspend, after({ ...create, active: false }))).toEqual([]);
});

test('of a webhook that is not there, or no more, nothing is decided', () => {
  for (const command of [rotate, suspend, { do: 'delete' }, { do: 'change', active: false }] as const) {
    expect(decide(command, after())).toEqual([]);
    expect(decide(command, after(create, { do: 'delete' }))).toEqual([]);
  }
  expect(decide(create, after(create, { do: 'delete' }))).toEqual([]);
});

test('an account that has, or has made, as many as it may is denied', () => {
  const denied = (open: number, made: number) => decide({ ...create, observed: { open, made } }, after());
  expect(denied(2, 2)).toMatchObject([{ type: 'WebhookDenied', data: { limit: '2', observed: '2' } }]);
  expect(denied(0, madeMax)).toMatchObject([{ type: 'WebhookDenied', data: { limit: '1000' } }]);
  expect(denied(1, 1)).toMatchObject([{ type: 'WebhookCreated' }]);
});

test('the count of an account is a condition of the write, and is begun by its first webhook', () => {
  const [event] = decide(create, after());
  if (!event) throw new TypeError('it was created');
  const key = { owner: 'webhook-counts', name: 'a' };
  const [counted] = effects(create, after(), [event]).changes;
  expect(counted).toMatchObject({ key, conditions: [{ attribute: 'open', is: '<', value: 2 }, {}] });
  const first = observe(create, [{ key, item: undefined }]);
  expect(effects(first, after(), [event]).changes[0]).toMatchObject({
    key,
    conditions: [],
    must: 'be-absent',
  });
  const state = after(create);
  const gone = effects({ do: 'delete' }, state, decide({ do: 'delete' }, state)).changes;
  expect(gone).toMatchObject([{ key, add: { open: -1 } }, { set: { status: 'deleted' } }, {}]);
});
