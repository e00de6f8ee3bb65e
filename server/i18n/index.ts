// The door of languages.
export {
  type Catalogues,
  isLocale,
  LOCALES,
  type Locale,
  localeFromHeader,
  openCatalogues,
  readMessages,
  type Translate,
} from './catalogues';
export { LANGUAGE_CHOICES, timeZoneChoices } from './choices';
export { dateIn, dayStart } from './day-start';
export { type Format, formats, isTimeZone, type ShownTime } from './format';
export { momentOf, wallOf } from './wall-clock';
