import { describe, expect, it } from 'vitest';
import { clientKey } from '#app/limits/index.js';
import { clientAddress } from '#app/shared/http/client-address.js';

describe('what counts as one client', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['0:0:0:0:0:FFFF:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:0:0:203.0.113.7', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:0:0:0:7', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['fe80::1%eth0.100', 'fe80:0:0:0::/64'],
    ['fe80::1%br-lan', 'fe80:0:0:0::/64'],
    ['::ffff:203.0.113.7%eth0', '203.0.113.7'],
    ['::203.0.113.7', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['unknown', 'unknown'],
    ['::1', '0:0:0:0::/64'],
  ])('the address %s is counted as the client %s', (address, key) => {
    expect(clientKey(address)).toBe(key);
  });

  it('the next /64 is another client', () => {
    expect(clientKey('2001:db8:1:2::1')).not.toBe(clientKey('2001:db8:1:3::1'));
  });
});

describe('the address of a request', () => {
  it.each([
    [['127.0.0.1'], '127.0.0.1'],
    [['127.0.0.1', '10.0.0.1', '203.0.113.7'], '203.0.113.7'],
    [['127.0.0.1', '203.0.113.7:51234'], '203.0.113.7'],
    [['127.0.0.1', '[2001:db8::1]:51234'], '2001:db8::1'],
    [['127.0.0.1', '10.0.0.1', 'unknown'], '10.0.0.1'],
    [['127.0.0.1', 'x'.repeat(300)], '127.0.0.1'],
  ])('a request through the chain %j comes from %s', (ips, address) => {
    expect(clientAddress({ ip: ips.at(-1)!, ips })).toBe(address);
  });
});
