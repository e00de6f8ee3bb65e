// P11: addresses are shortened before they are stored.
import { shortIp } from '../../server/lib/short-ip';

test.each([
  ['192.0.2.77', '192.0.2.0/24'],
  ['192.0.2.0', '192.0.2.0/24'],
  ['::ffff:192.0.2.77', '192.0.2.0/24'],
  ['::FFFF:c000:24d', '192.0.2.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
  ['2001:DB8:1::1', '2001:db8:1::/48'],
  ['::1', '::/48'],
  ['127.0.0.1', '127.0.0.0/24'],
])('P11: %s is kept as %s', (address, short) => {
  expect(shortIp(address)).toBe(short);
});

test.each(['', 'nobody', '192.0.2', '192.0.2.1.1', '2001:db8::1::2', '192.0.2.1, 192.0.2.2'])(
  'P11: "%s" is no address',
  (address) => {
    expect(shortIp(address)).not.toContain('192.0.2.1');
  },
);
