import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BookOrder } from '../../../domain/venue/book-order.ts';
import { OrderIndex } from '../../../domain/venue/order-index.ts';

/** Multiples of large powers of two, and numbers beyond 32 bits, gather in few slots: removing must close the holes. */
const orderId = fc.oneof(
  fc.integer({ min: 0, max: 50 }),
  fc.integer({ min: 0, max: 50 }).map((n) => n * 2 ** 31),
  fc.maxSafeNat(),
);

test('the index holds what a map would hold', () => {
  fc.assert(
    fc.property(fc.array(orderId, { maxLength: 2000, size: 'max' }), (ids) => {
      const index = new OrderIndex();
      const model = new Map<number, BookOrder>();
      for (const id of ids) {
        const held = model.get(id);
        expect(index.get(id)).toBe(held);
        if (held === undefined) model.set(id, added(index, id));
        else index.remove(held);
        if (held !== undefined) model.delete(id);
      }
      for (const id of ids) expect(index.get(id)).toBe(model.get(id));
      expect(index.size).toBe(model.size);
      expect(new Set(index.values())).toEqual(new Set(model.values()));
    }),
  );
});

function added(index: OrderIndex, id: number): BookOrder {
  const order = new BookOrder();
  order.orderId = id;
  index.add(order);
  return order;
}
