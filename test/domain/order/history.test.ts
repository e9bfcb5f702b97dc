import { expect, test } from 'vitest';
import { findLiveExecution, liveExecutions } from '../../../domain/order/history.ts';
import { executionId } from '../../../domain/values/ids.ts';
import { bust, correction, execution } from '../../support/order.ts';
import { working } from '../../support/order-story.ts';

test('the live executions are those not busted, under the id and with the numbers of their last correction', () => {
  const { history } = working().venue(
    execution('A', 1),
    execution('B', 2),
    execution('C', 3),
    correction('B', 'D', 4, 9_900),
    bust('A'),
  );
  expect(liveExecutions(history).map((one) => one.executionId)).toEqual(['C', 'D']);
  expect(findLiveExecution(history, executionId('D'), 'venue')).toMatchObject({
    lastQuantity: 4,
    lastPrice: 9_900,
  });
  expect(findLiveExecution(history, executionId('B'), 'venue')).toBeUndefined();
});

test('a correction may keep the id of what it corrects', () => {
  const { history } = working().venue(execution('A', 1), correction('A', 'A', 2));
  expect(findLiveExecution(history, executionId('A'), 'venue')).toMatchObject({ lastQuantity: 2 });
});
