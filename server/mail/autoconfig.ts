// Server settings that a domain publishes for mail programs, in the form Thunderbird reads.
import type { SafeFetch } from '../lib/safe-fetch';
import { domainOf, validDomain } from './addresses';
import type { Security } from './mail-server';
import type { SuggestedServer } from './providers';

export interface PublishedServers {
  imap: SuggestedServer;
  smtp: SuggestedServer;
  provider?: string;
}

const LARGEST = 64 * 1024;
const LONGEST_NAME = 60;

/**
 * Asks the domain itself, over https only: whoever can change the answer on its way could collect the password.
 * Undefined when it publishes nothing that can be used.
 */
export async function fetchAutoconfig(
  address: string,
  fetch: SafeFetch,
  signal: AbortSignal,
): Promise<PublishedServers | undefined> {
  const domain = domainOf(address);
  const path = `mail/config-v1.1.xml?emailaddress=${encodeURIComponent(address)}`;
  const places = [`https://autoconfig.${domain}/${path}`, `https://${domain}/.well-known/autoconfig/${path}`];
  const answers = await Promise.all(places.map((url) => fetch(url, { maxBytes: LARGEST, signal })));
  for (const answer of answers) {
    const found =
      answer.ok && answer.status === 200 ? readAutoconfig(answer.body.toString(), address) : undefined;
    if (found) return found;
  }
  return undefined;
}

/**
 * The few fields that matter, out of whatever stands there: the first server of each kind that takes passwords over a
 * secured connection. Every step is linear in the length of the text.
 */
export function readAutoconfig(xml: string, address: string): PublishedServers | undefined {
  const text = withoutComments(xml);
  const incoming = blocks(text, 'incomingServer').filter(({ head }) => /type\s*=\s*["']?imap\b/i.test(head));
  const outgoing = blocks(text, 'outgoingServer').filter(({ head }) => /type\s*=\s*["']?smtp\b/i.test(head));
  const imap = firstUsable(incoming, address);
  const smtp = firstUsable(outgoing, address);
  if (!imap || !smtp) return undefined;
  const provider = fields(text, 'displayName')[0]?.slice(0, LONGEST_NAME);
  return { imap, smtp, ...(provider && !provider.includes('%') ? { provider } : {}) };
}

interface Block {
  /** The tag itself, with its attributes. */
  head: string;
  body: string;
}

function firstUsable(servers: Block[], address: string): SuggestedServer | undefined {
  const usable = servers
    .map(({ body }) => readServer(body, address))
    .filter((server) => server !== undefined);
  return usable.find(({ security }) => security === 'tls') ?? usable[0];
}

function readServer(body: string, address: string): SuggestedServer | undefined {
  const [hostname = '', port = '', socketType = '', user = '%EMAILADDRESS%'] = [
    'hostname',
    'port',
    'socketType',
    'username',
  ].map((name) => fields(body, name)[0]);
  const security: Security | undefined = /^(ssl|tls)$/i.test(socketType)
    ? 'tls'
    : /^starttls$/i.test(socketType)
      ? 'starttls'
      : undefined;
  const host = validDomain(filledIn(hostname, address));
  const ways = fields(body, 'authentication');
  const takesPasswords = ways.length === 0 || ways.some((way) => /^(password-|plain$|secure$)/i.test(way));
  if (
    !host ||
    !security ||
    !takesPasswords ||
    !/^\d{1,5}$/.test(port) ||
    Number(port) < 1 ||
    Number(port) > 65_535
  )
    return undefined;
  return { host, port: Number(port), security, user: filledIn(user, address) };
}

const filledIn = (text: string, address: string) =>
  text
    .replaceAll('%EMAILADDRESS%', address)
    .replaceAll('%EMAILLOCALPART%', address.slice(0, address.lastIndexOf('@')))
    .replaceAll('%EMAILDOMAIN%', domainOf(address));

function blocks(text: string, tag: string): Block[] {
  const parts = text.split(new RegExp(`<${tag}\\b`, 'i')).slice(1);
  return parts.map((part) => {
    const [inside = ''] = part.split(new RegExp(`</${tag}\\b`, 'i'), 1);
    const end = inside.indexOf('>');
    return { head: inside.slice(0, end), body: inside.slice(end + 1) };
  });
}

/** Texts of all elements of that name, on one line each. */
function fields(text: string, tag: string): string[] {
  const parts = text.split(new RegExp(`<${tag}>`, 'i')).slice(1);
  return parts.map((part) => (part.split('<', 1)[0] ?? '').replace(/[\p{Cc}\s]+/gu, ' ').trim());
}

function withoutComments(xml: string): string {
  const [first = '', ...others] = xml.split('<!--');
  return first + others.map((part) => part.split('-->').slice(1).join('')).join('');
}
