// Whether a mail is by whom it says it is (AC-15): what was found, who found it, and what that comes to.

import { domainOf } from './addresses';
import { type AuthResults, readAuthResults } from './auth-results';

export const METHODS = ['spf', 'dkim', 'dmarc', 'arc'] as const;
export type Method = (typeof METHODS)[number];

/** Unverified is what nobody knows: it is no failure (M7). */
export type Verdict = 'verified' | 'unverified' | 'failed';

export interface Authentication {
  verdict: Verdict;
  /** Who looked: the server that received the mail, or Hearthdesk itself. Absent when nobody did who is believed. */
  by?: 'server' | 'own';
  /** The server's name for itself. */
  server?: string;
  results?: Partial<Record<Method, string>>;
  /** For which domain the results speak, of the address in From. */
  domain?: string;
}

/** Of a host's name. */
const LONGEST_SERVER = 253;

/** A result as it is kept: a word of a letter or two lines of RFCs, whatever somebody wrote there. */
const isWord = (result: string) => /^[a-z]{2,20}$/.test(result);

/**
 * What the receiving server says. `headers` are Authentication-Results, the newest first; `isBelieved` knows whose. Good words
 * are taken from the topmost header of a believed server only: beneath it may stand what a stranger wrote in its name. Where that
 * one is silent about DMARC, a failure in the next of the same server counts, because some check in two steps, and nobody gains
 * by saying that they failed.
 */
export function serverSays(
  headers: string[],
  from: string | undefined,
  isBelieved: (server: string) => boolean,
): Authentication {
  const all = headers.map(readAuthResults);
  const topmost = all.find(({ server }) => isBelieved(server));
  if (!topmost) return { verdict: 'unverified' };
  const domain = from && domainOf(from).toLowerCase();
  const [dmarc] = all
    .filter(({ server }) => server === topmost.server)
    .flatMap((said) => dmarcOf(said) ?? []);
  const hasFailed = dmarc === 'fail';
  const isGood = !hasFailed && domain !== undefined && vouchesFor(topmost, domain);
  return {
    verdict: hasFailed ? 'failed' : isGood ? 'verified' : 'unverified',
    by: 'server',
    server: topmost.server,
    results: { ...resultsOf(topmost), ...(hasFailed ? { dmarc: 'fail' } : {}) },
    ...(domain ? { domain } : {}),
  };
}

/**
 * While nobody knows which server is ours, the newest header that speaks of DMARC is taken for it, and only its failure is
 * believed: a forged one would tell against the mail that bears it. The server's name, or undefined when nothing failed.
 */
export function anyoneSaysFailed(headers: string[]): string | undefined {
  const newest = headers.map(readAuthResults).find((said) => dmarcOf(said) !== undefined);
  return newest && dmarcOf(newest) === 'fail' ? newest.server.slice(0, LONGEST_SERVER) : undefined;
}

const dmarcOf = ({ results }: AuthResults): string | undefined =>
  results.find(({ method }) => method === 'dmarc')?.result;

/** The server whose results stand on top, where there are any. */
export const topServer = ([newest]: string[]): string | undefined =>
  newest === undefined ? undefined : readAuthResults(newest).server;

/** DMARC passed for this very domain, or there is no policy and a signature or the sending host is the domain's own. */
function vouchesFor({ results }: AuthResults, domain: string): boolean {
  const dmarc = results.find(({ method }) => method === 'dmarc');
  if (dmarc?.result === 'pass') {
    const spokenOf = dmarc.properties['header.from'];
    return spokenOf === undefined || speaksFor(bare(spokenOf), domain);
  }
  if (dmarc && !['none', 'bestguesspass'].includes(dmarc.result)) return false;
  return results.some(({ method, result, properties }) => {
    if (result !== 'pass') return false;
    const named =
      method === 'dkim'
        ? (properties['header.d'] ?? properties['header.i'])
        : method === 'spf'
          ? properties['smtp.mailfrom']
          : undefined;
    return named !== undefined && speaksFor(bare(named), domain);
  });
}

/** `@mail.example`, `bounce@mail.example` and `MAIL.example` are all mail.example. */
const bare = (named: string) =>
  named
    .slice(named.lastIndexOf('@') + 1)
    .toLowerCase()
    .replace(/\.$/, '');

const isOf = (domain: string, other: string) => domain === other || domain.endsWith(`.${other}`);

/**
 * A domain speaks for itself and for what is below it. Not for what is above: under some, such as those of dynamic names,
 * strangers have domains of their own, and only DMARC knows which those are.
 */
export const speaksFor = (named: string, domain: string): boolean =>
  named.includes('.') && isOf(domain, named);

/** Of several signatures the best: a mailing list adds one of its own. */
function resultsOf({ results }: AuthResults): Authentication['results'] {
  const found: Authentication['results'] = {};
  for (const { method, result } of results) {
    const known = METHODS.find((name) => name === method);
    if (known && isWord(result) && (found[known] === undefined || result === 'pass')) found[known] = result;
  }
  return found;
}
