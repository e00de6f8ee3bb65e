// The one way to fetch something from an address that a person or a DNS record gave us (AC-33).
import { lookup as lookupAll } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import type { Response } from 'undici';
import { isInNetworks, isPublicAddress } from './public-address';

/** All addresses of a host name, IPv4 and IPv6. */
export type Resolve = (host: string) => Promise<string[]>;

export interface SafeFetchOptions {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Besides 80 and 443. */
  allowedPorts?: readonly number[];
  /** Networks that an admin allows although they are not public, as CIDR. */
  allowedNetworks?: readonly string[];
  /** For the whole exchange, names and body included. */
  timeoutMs?: number;
  maxBytes?: number;
  signal?: AbortSignal;
  resolve?: Resolve;
}

/** `ok: false` says no more on purpose: what failed would tell which hosts and ports exist. */
export type SafeFetchResult =
  | { ok: true; status: number; headers: Record<string, string>; body: Buffer }
  | { ok: false };

export type SafeFetch = (url: string, options?: SafeFetchOptions) => Promise<SafeFetchResult>;

const USUAL_PORTS = [80, 443];
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 1024 * 1024;
const FAILED: SafeFetchResult = { ok: false };

/** From the system's resolver, hosts file included. */
export const resolveHost: Resolve = async (host) => {
  const found = await lookupAll(host, { all: true });
  return found.map(({ address }) => address);
};

/**
 * Fetches over http or https from public addresses only, without following redirects: a 3xx comes back as it is,
 * with its `location`. The name is resolved once, every address it has must be allowed, and the connection goes to
 * one of those, so an answer that changes between check and use changes nothing. Never throws.
 */
export const safeFetch: SafeFetch = async (given, options = {}) => {
  const url = URL.parse(given);
  if (!url || !mayBeFetched(url, options)) return FAILED;

  // A megabyte of code that most servers never need, so it is read when it is.
  const { Agent, fetch } = await import('undici');
  const agent = new Agent({ connect: { lookup: checkedLookup(options) }, pipelining: 0 });
  const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  try {
    const response = await fetch(url, {
      method: options.method ?? 'GET',
      headers: options.headers,
      body: options.body,
      redirect: 'manual',
      signal: options.signal ? AbortSignal.any([timeout, options.signal]) : timeout,
      dispatcher: agent,
    });
    const body = await readUpTo(response, options.maxBytes ?? MAX_BYTES);
    return body
      ? { ok: true, status: response.status, headers: Object.fromEntries(response.headers), body }
      : FAILED;
  } catch {
    return FAILED;
  } finally {
    await agent.destroy();
  }
};

function mayBeFetched(url: URL, options: SafeFetchOptions): boolean {
  if (!/^https?:$/.test(url.protocol) || url.username || url.password) return false;
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  if (![...USUAL_PORTS, ...(options.allowedPorts ?? [])].includes(port)) return false;
  // An address instead of a name never reaches the lookup below.
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(literal) === 0 || mayBeReached(literal, options);
}

const mayBeReached = (address: string, options: SafeFetchOptions) =>
  isPublicAddress(address) || isInNetworks(address, options.allowedNetworks ?? []);

/** One forbidden address among those of a name forbids the name: nobody has such records for an honest reason. */
function checkedLookup(options: SafeFetchOptions): LookupFunction {
  const resolve = options.resolve ?? resolveHost;
  return (host, { all }, done) => {
    resolve(host).then(
      (addresses) => {
        const [first] = addresses;
        if (!first || !addresses.every((address) => mayBeReached(address, options))) {
          return done(new Error('forbidden address'), '');
        }
        if (!all) return done(null, first, isIP(first));
        done(
          null,
          addresses.map((address) => ({ address, family: isIP(address) })),
        );
      },
      (error: Error) => done(error as NodeJS.ErrnoException, ''),
    );
  };
}

/** Undefined when there is more than allowed, counted after decompression. */
async function readUpTo(response: Response, maxBytes: number): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > maxBytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
