// The language of a reader whom nobody knows yet: the browser's, of those we speak.
import { localeFromHeader } from '../../server/i18n';

test.each([
  [undefined, 'lv'],
  ['', 'lv'],
  ['de, fr;q=0.5', 'lv'],
  ['nb-NO, nb;q=0.9, en;q=0.5', 'nb'],
  ['no', 'nb'],
  ['nn-NO', 'nb'],
  ['de, en;q=0.4, nb;q=0.8', 'nb'],
  ['en;q=0, de', 'lv'],
  ['enm, noz', 'lv'],
  ['EN-us', 'en'],
  ['en;q=.., nb;q=0.1', 'nb'],
  ['en;q=abc, nb;q=0.1', 'en'],
  [`${'x,'.repeat(5_000)}en`, 'lv'],
] as const)('for %j it is %s, where the firm speaks Latvian', (header, locale) => {
  expect(localeFromHeader(header, 'lv')).toBe(locale);
});
