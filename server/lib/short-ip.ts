// Shortens a network address before it is stored: IPv4 to /24, IPv6 to /48 (P11).
import ipaddr from 'ipaddr.js';

/** `192.0.2.0/24`, `2001:db8:1::/48`; an IPv4 address in IPv6 dress counts as IPv4; empty for what is no address. */
export function shortIp(address: string): string {
  if (!ipaddr.isValid(address)) return '';
  const parsed = ipaddr.process(address);
  const bytes = parsed.toByteArray();
  const kept = parsed.kind() === 'ipv4' ? 3 : 6;
  const short = ipaddr.fromByteArray(bytes.map((byte, place) => (place < kept ? byte : 0)));
  return `${short.toString()}/${kept * 8}`;
}
