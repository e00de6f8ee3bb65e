// Which IP addresses are out on the internet, and which belong to this machine or network (AC-33).
import ipaddr from 'ipaddr.js';

/** The only part of IPv6 from which global unicast addresses are given out. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');

/**
 * True only for global unicast addresses. Mapped, translated and tunnelled forms (::ffff:0:0/96, NAT64, 6to4,
 * Teredo) are not: what they lead to may be anything.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_IPV6);
}

/** An address that only this machine knows: no use to anybody else, and no network lies between. */
export const isThisMachine = (origin: string): boolean =>
  /^(localhost|127\.[\d.]+|\[::1\])$/.test(URL.parse(origin)?.hostname ?? 'localhost');

/** True when the address lies in one of the networks, given as CIDR ("192.168.1.0/24"). */
export function isInNetworks(address: string, networks: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  return networks.some((network) => {
    const range = ipaddr.parseCIDR(network);
    return range[0].kind() === parsed.kind() && parsed.match(range);
  });
}
