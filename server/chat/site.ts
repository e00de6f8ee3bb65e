// A site: a website that carries the chat widget. Only pages of its origins may embed it (C3).
import type { Locale } from '../i18n';
import { isPublicAddress } from '../lib/public-address';

export interface SiteRow {
  id: number;
  public_id: string;
  name: string;
  /** JSON list of origins. */
  origins: string;
  colour: string;
  language: Locale;
  time_zone: string;
  greeting: string;
  privacy_notice: string;
  mailbox_id: number | null;
  created_at: number;
  deleted_at: number | null;
}

/** What somebody decides about a site. */
export interface SiteInput {
  name: string;
  origins: string[];
  /** `#rrggbb` */
  colour: string;
  language: Locale;
  greeting: string;
  privacyNotice: string;
  mailboxId: number | null;
}

export const DEFAULT_COLOUR = '#ad4219';
export const MOST_ORIGINS = 20;

export const originsOf = (site: Pick<SiteRow, 'origins'>): string[] => JSON.parse(site.origins) as string[];

/**
 * The origins that somebody typed, one a line: `teapot.example` is `https://teapot.example`, a path is left out. Over plain
 * http only what cannot be reached from the internet, for trying. Returns the first line that is none otherwise.
 */
export function readOrigins(typed: string): { origins: string[] } | { wrong: string } {
  const lines = typed.split(/[\s,]+/).filter(Boolean);
  const origins = new Set<string>();
  for (const line of lines) {
    const origin = originOf(line);
    if (!origin) return { wrong: line };
    origins.add(origin);
  }
  return { origins: [...origins] };
}

function originOf(line: string): string | undefined {
  const url = URL.parse(line.includes('://') ? line : `https://${line}`);
  if (!url || url.username || url.password || /[*;,'"]/.test(url.host)) return undefined;
  if (url.protocol === 'https:') return isWhole(url.hostname) ? url.origin : undefined;
  return url.protocol === 'http:' && isNearby(url.hostname) ? url.origin : undefined;
}

/** "our shop" is no address: a name on the internet has a dot, and the others are those of this network. */
const isWhole = (host: string) => /.\../.test(host) || isNearby(host);

/** This machine or this network: names that no one can own, and addresses that are not public. */
export function isNearby(host: string): boolean {
  if (/(^|\.)(localhost|test|local|internal)$/.test(host)) return true;
  return /^[\d.]+$|^\[/.test(host) && !isPublicAddress(host.replace(/^\[|\]$/g, ''));
}

/** `www.teapot.example` counts as `teapot.example`: how mails of a firm's own forms are recognised (M9). */
export const domainsOf = (site: Pick<SiteRow, 'origins'>): string[] =>
  originsOf(site).map((origin) => new URL(origin).hostname.replace(/^www\./, ''));

/** What goes into the website's pages, just before `</body>`. */
export const snippetOf = (base: string, publicId: string) =>
  `<script async src="${base}/widget.js" data-site="${publicId}"></script>`;
