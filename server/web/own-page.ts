// Whether a live connection is opened by a page of ours (AC-51). Every transport asks it before anything else is read.
import type { IncomingMessage } from 'node:http';
import type { Config } from '../config';
import { cameSecurely } from './came-securely';
import { ownOrigin } from './origin-check';

/** A header that no page of another site can send without asking first, and it would ask in vain. */
const OWN_HEADER = 'x-hearthdesk-page';

/**
 * By Origin, which every browser sends with a websocket. With the GET that opens a long poll it sends none to its own site:
 * then `Sec-Fetch-Site` says so, and over plain http, where that is left out, our own header.
 */
export function cameFromOwnPage(req: IncomingMessage, config: Config): boolean {
  const { origin, host } = req.headers;
  if (origin !== undefined)
    return origin === ownOrigin(config, host, cameSecurely(req, config.trustedProxies));
  const site = req.headers['sec-fetch-site'];
  return site !== undefined ? site === 'same-origin' : req.headers[OWN_HEADER] !== undefined;
}
