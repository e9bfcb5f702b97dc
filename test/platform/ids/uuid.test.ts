import { expect, test } from 'vitest';
import { uuidV5 } from '../../../platform/ids/uuid.ts';

const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

test('the example of RFC 9562, appendix A.4, comes out', () => {
  expect(uuidV5(dns, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
});

test('the namespace may be written in capitals', () => {
  expect(uuidV5(dns.toUpperCase(), 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
});

test('names are hashed as UTF-8', () => {
  expect(uuidV5(dns, 'Zürich')).not.toBe(uuidV5(dns, 'Zurich'));
});

test('a namespace that is not a UUID is refused', () => {
  expect(() => uuidV5('account', 'order')).toThrow(TypeError);
});
