import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verifyWebhook } from '../../../docs/verify-webhook.ts';
import { timestamp } from '../../../domain/values/time.ts';
import { signatureOf } from '../../../platform/webhooks/signature.ts';

const secret = 'whsec_abc';
const seconds = 1_800_000_000;
const now = timestamp(seconds * 1e6 + 999_999);
const body = '{"id":"d","number":17}';
const signature = signatureOf(body, [secret], now);
const received = { body, signature, secrets: [secret], nowSeconds: seconds };

test('what the cell signs its receiver finds right', () => {
  expect(signature).toMatch(/^t=1800000000,v1=[0-9a-f]{64}$/);
  expect(verifyWebhook(received)).toBe(true);
});

describe('a receiver refuses', () => {
  const forged = `t=${seconds},v1=${'0'.repeat(64)}`;
  test.each([
    ['a forged signature', { signature: forged }],
    ['one made with another secret', { signature: signatureOf(body, ['whsec_abd'], now) }],
    ['an altered body', { body: body.replace('17', '18') }],
    ['a body with a blank more', { body: `${body} ` }],
    ['a message that was recorded and comes again later', { nowSeconds: seconds + 301 }],
    ['one from the future', { nowSeconds: seconds - 301 }],
    [
      'another time than the one that was signed',
      { signature: signature.replace(`t=${seconds}`, `t=${seconds + 1}`) },
    ],
    ['no signature', { signature: '' }],
    ['a time alone', { signature: `t=${seconds}` }],
    ['a signature without a time', { signature: signature.replace(/^t=\d+,/, '') }],
    ['a signature of another kind', { signature: signature.replace('v1=', 'v0=') }],
    ['half a signature', { signature: signature.slice(0, -1) }],
    ['a signature in capitals', { signature: signature.replace(/v1=.*/, (hex) => hex.toUpperCase()) }],
    ['everything without a secret', { secrets: [] }],
  ])('%s', (_what, change) => {
    expect(verifyWebhook({ ...received, ...change })).toBe(false);
  });
});

test('a message within the tolerance is taken, however it is set', () => {
  expect(verifyWebhook({ ...received, nowSeconds: seconds + 300 })).toBe(true);
  expect(verifyWebhook({ ...received, nowSeconds: seconds + 11, toleranceSeconds: 10 })).toBe(false);
});

test('while one secret takes the place of another, a receiver that knows either is content', () => {
  const both = signatureOf(body, ['whsec_new', secret], now);
  expect(verifyWebhook({ ...received, signature: both })).toBe(true);
  expect(verifyWebhook({ ...received, signature: both, secrets: ['whsec_new'] })).toBe(true);
  expect(verifyWebhook({ ...received, signature: both, secrets: ['whsec_other', secret] })).toBe(true);
});

test('no other body, and no header of anybody’s making, is ever found right', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (otherBody, header) => {
      expect(verifyWebhook({ ...received, body: otherBody })).toBe(otherBody === body);
      expect(verifyWebhook({ ...received, signature: header })).toBe(false);
      expect(verifyWebhook({ ...received, signature: `t=${seconds},v1=${header}` })).toBe(false);
    }),
  );
});
