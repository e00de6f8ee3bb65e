// Whether a request that Express has not seen came over HTTPS, by the same rules as Express's `req.secure` (AC-35).
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import ipaddr from 'ipaddr.js';
import { isInNetworks } from '../lib/public-address';

/** By itself, or by the word of a proxy that is believed; `trustedProxies` are addresses and networks. */
export function cameSecurely(req: IncomingMessage, trustedProxies: readonly string[]): boolean {
  if (req.socket instanceof TLSSocket) return true;
  if (!isBelieved(req.socket.remoteAddress ?? '', trustedProxies)) return false;
  return (
    String(req.headers['x-forwarded-proto'] ?? '')
      .split(',')[0]
      ?.trim() === 'https'
  );
}

/** True for the address of a proxy whose word counts. */
export const isBelieved = (address: string, trustedProxies: readonly string[]): boolean =>
  ipaddr.isValid(address) && isInNetworks(plain(address), trustedProxies.map(asNetwork));

/** ::ffff:127.0.0.1 is 127.0.0.1. */
const plain = (address: string) => ipaddr.process(address).toString();

const asNetwork = (proxy: string) =>
  proxy.includes('/') ? proxy : `${proxy}/${ipaddr.parse(proxy).kind() === 'ipv6' ? 128 : 32}`;
