import { expect, test } from 'vitest';
import { decide } from '../../../domain/order/decide.ts';
import { evolve } from '../../../domain/order/evolve.ts';
import { type OrderState, unborn } from '../../../domain/order/state.ts';
import { now, place, replace } from '../../support/order.ts';

function placed(id: string): OrderState {
  return decide(place({ id }), unborn).reduce<OrderState>(
    (state, event) => evolve(state, event, now),
    unborn,
  );
}

test('a replace cannot take the id its own order was placed under', () => {
  const [refused, ...others] = decide(replace('A', { quantity: '12' }), placed('A'));
  expect(refused).toMatchObject({
    type: 'ReplaceRejected',
    data: { reason: 'client_order_id_taken', observed: 'A' },
  });
  expect(others).toEqual([]);
});
