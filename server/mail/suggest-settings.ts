// From an address alone to servers, ports and user names: our table, then what the domain publishes, then a guess.
import { resolveMx, resolveSrv } from 'node:dns/promises';
import { type SafeFetch, safeFetch } from '../lib/safe-fetch';
import { domainOf, validDomain } from './addresses';
import { fetchAutoconfig } from './autoconfig';
import { guess, type SuggestedServer, type Suggestion, suggestByDomain, suggestByMx } from './providers';

/** What is asked of the network; tests give their own. */
export interface Net {
  /** Hosts that take mail for a domain. Throws when there are none. */
  mx(domain: string): Promise<string[]>;
  /** Where a service is, best first. Throws when nowhere. */
  srv(name: string): Promise<{ host: string; port: number }[]>;
  fetch: SafeFetch;
}

/** For everything together; a page waits for it. */
const PATIENCE_MS = 5_000;

export const systemNet: Net = {
  mx: async (domain) => (await resolveMx(domain)).map(({ exchange }) => exchange),
  srv: async (name) => {
    const found = await resolveSrv(name);
    return found
      .sort((a, b) => a.priority - b.priority || b.weight - a.weight)
      .map(({ name: host, port }) => ({ host, port }));
  },
  fetch: safeFetch,
};

/**
 * Takes what `validAddress` returned, and always comes to an answer within five seconds; without a network it is the
 * table's or the guess. `source` says how far to trust it: names that come from DNS are not proven to be the domain's,
 * so a person looks at the hosts before a password goes there.
 */
export async function suggestSettings(
  address: string,
  net: Net = systemNet,
  patienceMs = PATIENCE_MS,
): Promise<Suggestion> {
  const domain = domainOf(address);
  const known = suggestByDomain(address, domain);
  if (known) return known;

  const late = AbortSignal.timeout(patienceMs);
  const byMx = suggestByMx(address, (await unlessLate(net.mx(domain), late)) ?? []);
  if (byMx) return byMx;

  const [published, announced] = await Promise.all([
    unlessLate(fetchAutoconfig(address, net.fetch, late), late),
    unlessLate(findServices(address, domain, net), late),
  ]);
  if (published) return { source: 'autoconfig', passwordKind: 'ordinary', ...published };
  return announced ?? guess(address, domain);
}

/** RFC 6186 and RFC 8314: secured from the first byte before STARTTLS. */
async function findServices(address: string, domain: string, net: Net): Promise<Suggestion | undefined> {
  const find = async (
    service: string,
    security: 'tls' | 'starttls',
  ): Promise<SuggestedServer | undefined> => {
    const [first] = await net.srv(`_${service}._tcp.${domain}`).catch(() => []);
    const host = first && validDomain(first.host.replace(/\.$/, ''));
    return first && host ? { host, port: first.port, security, user: address } : undefined;
  };
  const [imaps, imap, submissions, submission] = await Promise.all([
    find('imaps', 'tls'),
    find('imap', 'starttls'),
    find('submissions', 'tls'),
    find('submission', 'starttls'),
  ]);
  const incoming = imaps ?? imap;
  const outgoing = submissions ?? submission;
  if (!incoming || !outgoing) return undefined;
  return { source: 'srv', imap: incoming, smtp: outgoing, passwordKind: 'ordinary' };
}

/** Undefined when it fails or takes too long: all of this is a help, not a need. */
function unlessLate<T>(asked: Promise<T>, late: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve) => {
    const giveUp = () => resolve(undefined);
    if (late.aborted) giveUp();
    late.addEventListener('abort', giveUp, { once: true });
    asked.then(resolve, giveUp);
  });
}
