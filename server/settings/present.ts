// The firm as its settings page shows it.
import type { App } from '../app';
import { LANGUAGE_CHOICES, timeZoneChoices } from '../i18n';
import { errorWords, type FieldErrors, type PageModel, type Reader, typedIn } from '../web';
import { firmOf, readSetting } from './settings';

interface Choice {
  value: string;
  text: string;
}

/** views/settings/firm */
export interface FirmPage extends PageModel {
  t: Reader['t'];
  values: { company: string; language: string; timeZone: string; publicUrl: string };
  languages: Choice[];
  timeZones: Choice[];
  errors: FieldErrors;
  /** The command line has said it, so it can't be changed here. */
  fixedUrl: string | undefined;
}

export function firmPage(
  app: App,
  { t }: Reader,
  returned?: { values: Record<string, unknown>; errors: FieldErrors },
): FirmPage {
  const values = returned
    ? typedFirm(returned.values)
    : { ...firmOf(app), publicUrl: readSetting(app, 'address')?.publicUrl ?? '' };
  return {
    layout: 'settings',
    current: 'settings.firm',
    title: t('settings.firm.title'),
    t,
    values,
    languages: LANGUAGE_CHOICES,
    timeZones: timeZoneChoices(values.timeZone),
    errors: errorWords(t, returned?.errors ?? {}),
    fixedUrl: app.config.publicUrl,
  };
}

const typedFirm = (values: Record<string, unknown>): FirmPage['values'] => ({
  company: typedIn(values, 'company'),
  language: typedIn(values, 'language'),
  timeZone: typedIn(values, 'timeZone'),
  publicUrl: typedIn(values, 'publicUrl'),
});
