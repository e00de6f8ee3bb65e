// An admin says who the firm is and where Hearthdesk is reached.
import type { App } from '../app';
import { type Actor, record } from '../events';
import type { Locale } from '../i18n';
import { forgetSetting, writeSetting } from './settings';

export interface FirmInput {
  company: string;
  language: Locale;
  timeZone: string;
  /** Empty: nobody says, so links are handed over by hand. Undefined: stays as it is. */
  publicUrl?: string;
}

/** There is one firm, so its events are about subject 1. Within a transaction. */
export function changeFirm(
  app: App,
  actor: Actor,
  { company, language, timeZone, publicUrl }: FirmInput,
): void {
  writeSetting(app, 'firm', { company, language, timeZone });
  if (publicUrl === '') forgetSetting(app, 'address');
  else if (publicUrl !== undefined) writeSetting(app, 'address', { publicUrl });
  record(app, 'firm.changed', actor, { id: 1 });
}
