import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseNetwork, ReachableAddresses } from '../../../platform/outgoing/reachable-addresses.ts';

const reachable = new ReachableAddresses();

test.each([
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.0.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:a9fe:a9fe',
  '::ffff:0:127.0.0.1',
  '64:ff9b::127.0.0.1',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '3fff::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  '2606:4700::1%1',
  'localhost',
  '',
  '0x7f000001',
  '127.1',
])('%s is not to be called', (address) => expect(reachable.accepts(address)).toBe(false));

test.each([
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '2606:4700:4700::1111',
  '::ffff:1.1.1.1',
  '64:ff9b::101:101',
])('%s is', (address) => expect(reachable.accepts(address)).toBe(true));

describe('what an operator allows', () => {
  const allowing = new ReachableAddresses(['10.1.0.0/16', 'fd00::/8', 'nonsense']);

  test.each(['10.1.2.3', '::ffff:10.1.2.3', '64:ff9b::10.1.2.3', 'fd12::1'])('%s is called', (address) =>
    expect(allowing.accepts(address)).toBe(true),
  );
  test.each(['10.2.0.1', '127.0.0.1', 'fc00::1'])('and no more: %s is not', (address) =>
    expect(allowing.accepts(address)).toBe(false),
  );
});

test('an address of IPv4 and the same address inside IPv6 are never judged differently', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.tuple(octet, octet, octet, octet), (octets) => {
      const plain = octets.join('.');
      for (const carrier of ['::ffff:', '64:ff9b::'])
        expect([plain, reachable.accepts(carrier + plain)]).toEqual([plain, reachable.accepts(plain)]);
    }),
  );
});

test('a network has a length that its kind of address can have', () => {
  expect(parseNetwork('10.0.0.0/8')).toEqual({ address: '10.0.0.0', prefix: 8, family: 'ipv4' });
  for (const text of [
    '10.0.0.0',
    '10.0.0.0/33',
    '::/129',
    '10.0.0/8',
    '/8',
    '10.0.0.0/',
    'a/8',
    '10.0.0.0/8 ',
  ])
    expect([text, parseNetwork(text)]).toEqual([text, undefined]);
});
