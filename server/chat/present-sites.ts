// The settings pages about websites.
import type { App } from '../app';
import type { Locale } from '../i18n';
import { LOCALES } from '../i18n';
import { isThisMachine } from '../lib/public-address';
import { findMailboxes } from '../mail';
import { type BadForm, errorWords, type FieldErrors, type PageModel, type Reader, typedIn } from '../web';
import { findSites } from './queries';
import { isNearby, originsOf, type SiteInput, type SiteRow, snippetOf } from './site';

/** views/chat/sites */
export interface SitesPage extends PageModel {
  t: Reader['t'];
  create: string;
  sites: { name: string; href: string; origins: string; language: string; plain: string }[];
}

/** views/chat/site: a new one, or one that stands. */
export interface SitePage extends PageModel {
  t: Reader['t'];
  action: string;
  values: Record<
    'name' | 'origins' | 'colour' | 'language' | 'greeting' | 'privacyNotice' | 'mailbox',
    string
  >;
  errors: FieldErrors;
  languages: { value: string; text: string }[];
  mailboxes: { value: string; text: string }[];
  /** The widget as it will look, without a connection; takes unsaved values by message. */
  preview: string;
  /** What goes into the website's pages; absent until the site is saved. */
  snippet?: string;
  /** Why the snippet would not work yet: it leads to this machine, and the website is elsewhere. */
  near?: string;
  /** The desk's own, for a website that has a policy of its own. */
  address: string;
  plain?: string;
  remove?: string;
}

export function sitesPage(app: App, { t }: Reader): SitesPage {
  return {
    title: t('chat.sites.title'),
    layout: 'settings',
    current: 'settings.sites',
    t,
    create: '/settings/sites/new',
    sites: findSites(app.db).map((site) => ({
      name: site.name,
      href: `/settings/sites/${site.public_id}`,
      origins: originsOf(site).join(', '),
      language: t(`shell.language.${site.language}`),
      plain: `/chat/${site.public_id}`,
    })),
  };
}

export const PREVIEW = '/settings/sites/preview';

/** `base` is the desk's own address, for the snippet. `form` brings back what was typed. */
export function sitePage(
  app: App,
  { t }: Reader,
  site: SiteRow | undefined,
  given: SiteInput,
  base: string,
  form?: BadForm,
): SitePage {
  return {
    title: site ? site.name : t('chat.sites.new'),
    layout: 'settings',
    current: 'settings.sites',
    t,
    action: site ? `/settings/sites/${site.public_id}` : '/settings/sites',
    values: form ? typed(form) : valuesOf(given),
    errors: form ? errorWords(t, form.errors) : {},
    languages: LOCALES.map((locale: Locale) => ({ value: locale, text: t(`shell.language.${locale}`) })),
    mailboxes: [
      { value: '', text: t('chat.site.mailbox.none') },
      ...findMailboxes(app.db)
        .filter((mailbox) => mailbox.smtp)
        .map(({ id, address }) => ({ value: String(id), text: address })),
    ],
    address: base,
    preview: site ? `${PREVIEW}?site=${site.public_id}` : PREVIEW,
    ...(site
      ? {
          snippet: snippetOf(base, site.public_id),
          ...(isThisMachine(base) && originsOf(site).some((origin) => !isNearby(new URL(origin).hostname))
            ? { near: t('chat.site.snippet.near', { address: base }) }
            : {}),
          plain: `${base}/chat/${site.public_id}`,
          remove: `/settings/sites/${site.public_id}/remove`,
        }
      : {}),
  };
}

export const inputOf = (site: SiteRow): SiteInput => ({
  name: site.name,
  origins: originsOf(site),
  colour: site.colour,
  language: site.language,
  greeting: site.greeting,
  privacyNotice: site.privacy_notice,
  mailboxId: site.mailbox_id,
});

const valuesOf = (input: SiteInput): SitePage['values'] => ({
  name: input.name,
  origins: input.origins.join('\n'),
  colour: input.colour,
  language: input.language,
  greeting: input.greeting,
  privacyNotice: input.privacyNotice,
  mailbox: String(input.mailboxId ?? ''),
});

const typed = ({ values }: BadForm): SitePage['values'] => ({
  name: typedIn(values, 'name'),
  origins: typedIn(values, 'origins'),
  colour: typedIn(values, 'colour'),
  language: typedIn(values, 'language'),
  greeting: typedIn(values, 'greeting'),
  privacyNotice: typedIn(values, 'privacyNotice'),
  mailbox: typedIn(values, 'mailbox'),
});
