// From which network a connection comes that Express has not seen, by the same rules as Express's `req.ip` (AC-35).
import type { IncomingMessage } from 'node:http';
import { shortIp } from '../lib/short-ip';
import { isBelieved } from './came-securely';

/** X-Forwarded-For is read from its end, and only as far as each one who vouches for the next is a believed proxy. */
export function shortIpOf(req: IncomingMessage, trustedProxies: readonly string[]): string {
  const named = String(req.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  let address = req.socket.remoteAddress ?? '';
  while (named.length > 0 && isBelieved(address, trustedProxies)) address = named.pop() as string;
  return shortIp(address);
}
