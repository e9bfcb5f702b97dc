import { describe, expect, test } from 'vitest';
import { reasons } from '../../../domain/risk/reasons.ts';
import {
  type AnyReason,
  apiReasons,
  entryOf,
  notThroughTheApi,
} from '../../../functions/api/door/reasons.ts';
import { scenarios } from './reason-scenarios.ts';

const isReason = (name: string): name is AnyReason =>
  Object.hasOwn(reasons, name) || Object.hasOwn(apiReasons, name);
const all = [...Object.keys(reasons), ...Object.keys(apiReasons)].filter(isReason);

/** What only a broken or overloaded process answers: shown by the tests of the door and of the server. */
const ofTheProcess: readonly AnyReason[] = [
  'too_many_requests',
  'temporarily_unavailable',
  'storage_full',
  'internal_error',
];

test('every reason has a scenario, or says why it cannot have one', () => {
  const unexplained = all.filter(
    (name) => !scenarios[name] && !notThroughTheApi[name] && !ofTheProcess.includes(name),
  );
  expect(unexplained).toEqual([]);
});

test('no reason is said to be out of reach that is not', () => {
  expect(Object.keys(notThroughTheApi).filter((name) => isReason(name) && scenarios[name])).toEqual([]);
});

describe('every reason is reached through the API', () => {
  for (const [name, scenario] of Object.entries(scenarios)) {
    if (!isReason(name)) continue;
    test(name, async () => {
      const { status, body } = await scenario();
      if (body['reject_reason'] === name) return;
      const { httpStatus, alpacaCode } = entryOf(name);
      expect(body).toMatchObject({ reason: name, code: alpacaCode, message: expect.any(String) });
      expect(status).toBe(httpStatus);
    });
  }
});
