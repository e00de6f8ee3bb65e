// Languages and time zones as people choose them from a list.
import { LOCALES, type Locale } from './catalogues';

interface Choice {
  value: string;
  text: string;
}

/** Each in its own words, so that it is found by whoever reads no other. */
const NAMES: Record<Locale, string> = { en: 'English', nb: 'Norsk bokmål', lv: 'Latviešu' };

export const LANGUAGE_CHOICES: Choice[] = LOCALES.map((locale) => ({ value: locale, text: NAMES[locale] }));

/** "Europe/Oslo" is found under Oslo; `current` is in the list even when it is an old name of its zone. */
export function timeZoneChoices(current: string): Choice[] {
  const zones = zoneList();
  if (!current || zones.some(({ value }) => value === current)) return zones;
  return [{ value: current, text: zoneName(current) }, ...zones];
}

let known: Choice[] | undefined;

function zoneList(): Choice[] {
  known ??= [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])]
    .map((value) => ({ value, text: zoneName(value) }))
    .sort((a, b) => a.text.localeCompare(b.text, 'en'));
  return known;
}

/** "America/Argentina/Buenos_Aires" → "Buenos Aires, Argentina, America". */
const zoneName = (zone: string) => zone.split('/').reverse().join(', ').replaceAll('_', ' ');
