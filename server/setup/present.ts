// The pages of the setup wizard.
import { canMailLinks } from '../agents';
import type { App } from '../app';
import type { SitePage, SiteRow } from '../chat';
import { LANGUAGE_CHOICES, type Locale, timeZoneChoices } from '../i18n';
import { isThisMachine } from '../lib/public-address';
import {
  type AddressFormModel,
  findMailboxes,
  type MailboxFormModel,
  type OAuthFormModel,
  waitsForSignIn,
} from '../mail';
import { findRules, SUGGESTED_DAYS } from '../privacy';
import { errorWords, type FieldErrors, type PageModel, type Reader, typedIn } from '../web';
import { type StepModel, type StepName, stepModels, stepPath } from './steps';

interface Returned {
  values: Record<string, unknown>;
  errors: FieldErrors;
}

interface Choice {
  value: string;
  text: string;
}

export interface WizardPage extends PageModel {
  t: Reader['t'];
  steps: StepModel[];
  back?: string;
}

export const wizardPage = (t: Reader['t'], step: StepName, back?: string): WizardPage => ({
  layout: 'plain',
  title: t(`setup.${step}.title`),
  t,
  steps: stepModels(t, step),
  back,
});

/** views/setup/no-key */
export interface NoKeyPage extends PageModel {
  t: Reader['t'];
}

export const noKeyPage = ({ t }: Reader): NoKeyPage => ({
  layout: 'plain',
  title: t('setup.noKey.title'),
  t,
});

/** views/setup/closed: the link once more, by somebody who kept it. */
export const closedPage = ({ t }: Reader): NoKeyPage => ({
  layout: 'plain',
  title: t('setup.closed.title'),
  t,
});

/** views/setup/firm */
export interface FirmStep extends WizardPage {
  values: Record<'company' | 'language' | 'timeZone' | 'name' | 'email' | 'publicUrl', string>;
  languages: Choice[];
  timeZones: Choice[];
  errors: FieldErrors;
  /** Nothing was chosen yet, so the browser's own zone may be offered. */
  offersZone: boolean;
  /** False when the command line has said it. */
  asksAddress: boolean;
}

/** Where most readers of a language live; a guess that a script or the reader corrects. */
const LIKELY_ZONE: Record<Locale, string> = { en: 'UTC', nb: 'Europe/Oslo', lv: 'Europe/Riga' };

export function firmStep(app: App, { t, locale }: Reader, ownAddress: string, returned?: Returned): FirmStep {
  const typed = (field: string) => typedIn(returned?.values ?? {}, field);
  const values = returned
    ? {
        company: typed('company'),
        language: typed('language'),
        timeZone: typed('timeZone'),
        name: typed('name'),
        email: typed('email'),
        publicUrl: typed('publicUrl'),
      }
    : {
        company: '',
        language: locale,
        timeZone: LIKELY_ZONE[locale],
        name: '',
        email: '',
        publicUrl: isThisMachine(ownAddress) ? '' : ownAddress,
      };
  return {
    ...wizardPage(t, 'firm'),
    values,
    languages: LANGUAGE_CHOICES,
    timeZones: timeZoneChoices(values.timeZone),
    errors: errorWords(t, returned?.errors ?? {}),
    offersZone: !returned,
    asksAddress: app.config.publicUrl === undefined,
  };
}

/** views/setup/mailbox: first the address alone, then the form with its servers. */
export interface MailboxStep extends WizardPage {
  address?: AddressFormModel;
  form?: MailboxFormModel;
  oauthForm?: OAuthFormModel;
}

export const mailboxStep = (
  { t }: Reader,
  shown: { address: AddressFormModel } | { form: MailboxFormModel } | { oauthForm: OAuthFormModel },
): MailboxStep => ({
  ...wizardPage(t, 'mailbox', 'address' in shown ? undefined : stepPath('mailbox')),
  ...shown,
});

/** views/setup/website: the site's own page inside the wizard. */
export interface WebsiteStep extends WizardPage {
  site: SitePage;
  action: string;
  next: string;
}

export const websiteStep = ({ t }: Reader, site: SitePage): WebsiteStep => ({
  ...wizardPage(t, 'website', stepPath('mailbox')),
  site,
  action: stepPath('website'),
  next: stepPath('retention'),
});

/** views/setup/retention: a proposal with its reasons. Nothing is switched on but by this form (P6). */
export interface RetentionStep extends WizardPage {
  action: string;
  choice: string;
  days: string;
  errors: FieldErrors;
  next: string;
}

export function retentionStep(app: App, { t }: Reader, returned?: Returned): RetentionStep {
  const rule = findRules(app.db).find(({ kind }) => kind === 'solved-tickets');
  const stored = {
    choice: rule?.is_on === 0 ? 'later' : 'on',
    days: String(rule?.days ?? SUGGESTED_DAYS['solved-tickets']),
  };
  const typed = returned && {
    choice: typedIn(returned.values, 'choice'),
    days: typedIn(returned.values, 'days'),
  };
  return {
    ...wizardPage(t, 'retention', stepPath('website')),
    action: stepPath('retention'),
    ...(typed ?? stored),
    errors: errorWords(t, returned?.errors ?? {}),
    next: stepPath('done'),
  };
}

/** views/setup/done: what stands, what is still open, and where to go on. */
export interface DoneStep extends WizardPage {
  items: { isDone: boolean; text: string; href: string; action: string }[];
}

export function doneStep(app: App, { t }: Reader, sites: SiteRow[]): DoneStep {
  const mailbox = findMailboxes(app.db).find((one) => !one.is_local && !waitsForSignIn(app, one));
  const rule = findRules(app.db).find(({ kind }) => kind === 'solved-tickets');
  const item = (
    key: string,
    isDone: boolean,
    href: string,
    values: Record<string, string | number> = {},
  ) => ({
    isDone,
    text: t(`setup.done.${key}${isDone ? '' : '.open'}`, values),
    href,
    action: t(`setup.done.${key}.action`),
  });
  return {
    ...wizardPage(t, 'done', stepPath('retention')),
    items: [
      item('mailbox', mailbox !== undefined, '/settings/mailboxes', { address: mailbox?.address ?? '' }),
      item('website', sites.length > 0, '/settings/sites', { name: sites[0]?.name ?? '' }),
      item('retention', rule?.is_on === 1, '/privacy/retention', { days: rule?.days ?? 0 }),
      item('agents', false, '/settings/agents/new'),
      ...(canMailLinks(app) ? [] : [item('links', false, '/settings/firm')]),
    ],
  };
}
