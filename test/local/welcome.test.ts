import { expect, test } from 'vitest';
import { welcomeText } from '../../local/welcome.ts';

const keys = [{ name: 'first', role: 'client', accountId: 'a', keyId: 'OC1', secret: 'hush' }];
const common = { address: 'http://127.0.0.1:4510', keys, keysFile: 'data/demo-keys.json', demoMarket: true };

test('the start that made the keys shows them, and an order that can be sent as it is', () => {
  const text = welcomeText({ ...common, isNew: true });
  expect(text).toContain('http://127.0.0.1:4510');
  expect(text).toContain('APCA-API-SECRET-KEY: hush');
});

test('a later start shows where the secrets are, and none of them', () => {
  const text = welcomeText({ ...common, isNew: false });
  expect(text).toContain('data/demo-keys.json');
  expect(text).not.toContain('hush');
});
