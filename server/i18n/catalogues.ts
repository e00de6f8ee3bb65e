// The words of the pages: one catalogue a language, ICU messages, read once at start.
import IntlMessageFormat from 'intl-messageformat';
import { readAsset } from '../lib/assets';

export const LOCALES = ['en', 'nb', 'lv'] as const;
export type Locale = (typeof LOCALES)[number];

export type Translate = (key: string, values?: Record<string, string | number>) => string;
export type Catalogues = Record<Locale, Translate>;

/** The raw messages of a language. */
export function readMessages(locale: Locale): Record<string, string> {
  return JSON.parse(readAsset(`locales/${locale}.json`).toString('utf8')) as Record<string, string>;
}

export function openCatalogues(): Catalogues {
  return Object.fromEntries(
    LOCALES.map((locale) => [locale, translator(locale, readMessages(locale))]),
  ) as Catalogues;
}

/** A key that is missing throws: a page with a hole is worse than an error that a test finds. */
function translator(locale: Locale, messages: Record<string, string>): Translate {
  const formats = new Map<string, IntlMessageFormat>();
  return (key, values) => {
    const message = messages[key];
    if (message === undefined) throw new Error(`the catalogue ${locale} has no "${key}"`);
    if (values === undefined && !message.includes('{') && !message.includes("'")) return message;
    let format = formats.get(key);
    if (!format) {
      format = new IntlMessageFormat(message, locale, undefined, { ignoreTag: true });
      formats.set(key, format);
    }
    return String(format.format(values));
  };
}

export const isLocale = (text: unknown): text is Locale => LOCALES.includes(text as Locale);

/** Of the languages of an Accept-Language header that we speak, the one the reader likes best; `no` and `nn` readers get bokmål. */
export function localeFromHeader(header: string | undefined, fallback: Locale): Locale {
  let best: { locale: Locale; weight: number } | undefined;
  for (const part of (header ?? '').slice(0, 200).split(',')) {
    const [tag = '', ...parameters] = part.split(';');
    const code = tag.trim().split('-')[0]?.toLowerCase();
    const locale = code === 'no' || code === 'nn' ? 'nb' : code;
    const weight = weightIn(parameters);
    if (isLocale(locale) && weight > (best?.weight ?? 0)) best = { locale, weight };
  }
  return best?.locale ?? fallback;
}

/** `q=0.7`; 1 when nothing is said (RFC 9110, 12.4.2). */
function weightIn(parameters: string[]): number {
  const [, value] = /^\s*q=([\d.]+)/i.exec(parameters.join(';')) ?? [];
  return value === undefined ? 1 : Number(value);
}
