// SPF, DKIM, DMARC and ARC of a raw mail, by mailauth: the work of the authenticate worker. Names are asked of `resolver`.
import { type AuthenticateResult, authenticate } from 'mailauth';
import { getClientAddress, parseReceived } from 'mailauth/lib/parse-received';
import { isPublicAddress } from '../lib/public-address';
import { type Authentication, speaksFor } from './authentication';
import { peekHeaders } from './peek-headers';

type Resolver = (name: string, kind: string) => Promise<string[][] | string[]>;

/** Steps within the firm's mail server that are passed over. */
const MOST_HOPS = 6;
/** Results after which nobody can say that a mail is not genuine. */
const UNKNOWN = new Set(['temperror', 'temperr']);

/**
 * Unverified where something could not be asked or is not known: the address that SPF judges stands in a Received header, and
 * in none when the provider leaves it out.
 */
export async function checkMail(raw: Uint8Array, resolver: Resolver): Promise<Authentication> {
  const client = clientOf(raw);
  const found = await authenticate(withLineBreaks(raw), {
    ...client,
    trustReceived: false,
    resolver,
    mta: 'hearthdesk',
    disableBimi: true,
  });
  const dkim = found.dkim.results.map(({ status }) => status.result);
  const spf = found.spf ? found.spf.status.result : 'none';
  const dmarc = found.dmarc ? found.dmarc.status.result : 'none';
  const domain = (found.dmarc && found.dmarc.status.header?.from) || undefined;
  return {
    verdict: verdictOf(found, domain, client !== undefined),
    by: 'own',
    results: {
      spf: client ? spf : 'none',
      dkim: dkim.find((result) => result === 'pass') ?? dkim[0] ?? 'none',
      dmarc,
      ...(found.arc && found.arc.status.result !== 'none' ? { arc: found.arc.status.result } : {}),
    },
    ...(domain ? { domain } : {}),
  };
}

function verdictOf(
  { dkim, spf, dmarc }: AuthenticateResult,
  domain: string | undefined,
  knowsClient: boolean,
): Authentication['verdict'] {
  const result = dmarc ? dmarc.status.result : undefined;
  if (result === 'pass') return 'verified';
  const isInDoubt =
    !knowsClient ||
    (spf && UNKNOWN.has(spf.status.result)) ||
    dkim.results.some(({ status }) => UNKNOWN.has(status.result));
  if (result === 'fail') return isInDoubt ? 'unverified' : 'failed';
  if (result !== 'none' || !domain) return 'unverified';
  const passed = dkim.results.flatMap(({ status, signingDomain }) =>
    status.result === 'pass' && signingDomain ? [signingDomain] : [],
  );
  if (spf && spf.status.result === 'pass' && spf.domain) passed.push(spf.domain);
  return passed.some((named) => speaksFor(named.toLowerCase(), domain)) ? 'verified' : 'unverified';
}

/**
 * Who handed the mail to the firm's mail server: the newest Received header that tells of a connection. Passed over are only
 * those that no stranger can have a server write: a mail's way within one machine. Undefined when that connection came from a
 * private network, as behind a proxy: what stands below may be anybody's words, and is not believed.
 */
function clientOf(raw: Uint8Array): { ip: string; helo: string; sender: string } | undefined {
  const { received = [], 'return-path': paths = [] } = peekHeaders(raw, ['received', 'return-path']);
  for (const value of received.slice(0, MOST_HOPS)) {
    const hop = parseReceived(`Received: ${value.slice(0, 4_000)}`);
    if (!hop) return undefined;
    const ip = getClientAddress(hop.from) || '';
    if (!hop.from || /^(127\.|::1$)/.test(ip) || (ip === '' && /^LMTP/i.test(hop.with?.value ?? '')))
      continue;
    if (!isPublicAddress(ip)) return undefined;
    return { ip, helo: hop.from.value ?? '', sender: (paths[0] ?? '').replace(/[<>\s]/g, '') };
  }
  return undefined;
}

/** A mail that a program on this machine handed over may have line feeds alone; signatures are made over both. */
function withLineBreaks(raw: Uint8Array): Buffer {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const first = bytes.indexOf('\n');
  if (first === -1 || bytes[first - 1] === 0x0d) return bytes;
  return Buffer.from(bytes.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
}
