import { describe, expect, test } from 'vitest';
import type { OrderEvent } from '../../../domain/order/events.ts';
import { evolve } from '../../../domain/order/evolve.ts';
import { type OrderState, unborn } from '../../../domain/order/state.ts';
import { ImpossibleState } from '../../../domain/values/assert.ts';
import { accountId, orderId } from '../../../domain/values/ids.ts';
import { execution, now, place } from '../../support/order.ts';
import { OrderStory, placed, working } from '../../support/order-story.ts';

const fold = (state: OrderState, event: OrderEvent | undefined) => () => event && evolve(state, event, now);

describe('what cannot have happened stops the one who applies it', () => {
  test('an order placed, denied or named twice', () => {
    const [event] = placed().history;
    expect(fold(placed().state, event)).toThrow(ImpossibleState);
    const [denied] = new OrderStory().do(place({ quantity: '0' })).history;
    expect(fold(placed().state, denied)).toThrow(ImpossibleState);
    const aliased: OrderEvent = {
      type: 'OrderAliased',
      schema: 1,
      data: { orderId: orderId('X'), accountId: accountId('A') },
    };
    const alias = evolve(unborn, aliased, now);
    expect(alias).toEqual({ kind: 'alias', orderId: 'X', accountId: 'A' });
    expect(fold(alias, aliased)).toThrow(ImpossibleState);
  });

  test('anything of an order that does not exist', () => {
    expect(fold(unborn, { type: 'OrderReleased', schema: 1, data: {} })).toThrow(ImpossibleState);
  });

  test('a report applied twice', () => {
    const story = working().venue(execution('A', 1));
    expect(fold(story.state, story.events[0])).toThrow('a report is applied once');
  });

  test('a hold below zero, and a hold that outlives its order', () => {
    const story = working().venue({ report: 'cancel', reason: 'unsolicited' });
    const [event] = story.events;
    if (event?.type !== 'OrderCanceled') throw new Error('not canceled');
    const { state } = working();
    const with_ = (held: number) => ({
      ...event,
      data: { ...event.data, posting: { cash: { held, available: -held } } },
    });
    expect(fold(state, with_(-100_001))).toThrow('a hold is never negative');
    expect(fold(state, with_(-99_999))).toThrow('a closed order holds nothing');
  });

  test('a replace confirmed that nobody asked for', () => {
    const { state } = working();
    if (state.kind !== 'order') throw new Error('no order');
    const event = {
      type: 'OrderReplaced',
      schema: 1,
      data: { requestId: 'Y', terms: state.terms },
    } as OrderEvent;
    expect(fold(state, event)).toThrow('a replace is confirmed that was requested');
  });
});

test('an order we hold for a trigger is held until it is released', () => {
  const held = evolve(placed().state, { type: 'OrderHeld', schema: 1, data: { for: 'trigger' } }, now);
  expect(held).toMatchObject({ phase: { name: 'held', for: 'trigger' } });
  expect(evolve(held, { type: 'OrderReleased', schema: 1, data: {} }, now)).toMatchObject({
    phase: { name: 'sent' },
  });
});
