// What is known of a request before its route runs: who asks, in which language, and from where.
import type { Format, Locale, Translate } from '../i18n';
import type { Shell } from './shell';

/** The reader of a page. Everything shown goes through their language and time zone. */
export interface Reader {
  locale: Locale;
  zone: string;
  t: Translate;
  format: Format;
}

export interface RequestContext {
  reader: Reader;
  /** Set by the session; undefined for outsiders. Its real type is the agents domain's `Agent`. */
  actor: unknown;
  /** Short form of the client's address, behind believed proxies only (P11, AC-35). */
  shortIp: string;
  shell?: (current: string) => Shell;
}
