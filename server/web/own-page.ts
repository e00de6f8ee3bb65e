// Whether a live connection is opened by a page of ours (AC-51). Every transport asks it before anything else is read.
import type { IncomingMessage } from 'node:http';
import type { Config } from '../config';

/** A header that no page of another site can send without asking first, and it would ask in vain. */
const OWN_HEADER = 'x-hearthdesk-page';

/**
 * By Origin, which every browser sends with a websocket: the configured address and nothing else; where none is configured,
 * whatever host the page was asked from (a proxy that is not believed may have changed the scheme), or `known`, the address
 * from the settings. With the GET that opens a long poll browsers send no Origin to their own site: then `Sec-Fetch-Site`
 * says so, and over plain http, where that is left out, our own header.
 */
export function cameFromOwnPage(req: IncomingMessage, config: Config, known?: string): boolean {
  const { origin, host } = req.headers;
  if (origin !== undefined) {
    if (config.publicUrl) return origin === config.publicUrl;
    return origin === known || (host !== undefined && URL.parse(origin)?.host === host);
  }
  const site = req.headers['sec-fetch-site'];
  return site !== undefined ? site === 'same-origin' : req.headers[OWN_HEADER] !== undefined;
}
