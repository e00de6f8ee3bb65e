// A website is given the chat.
import type { Agent } from '../agents';
import type { App } from '../app';
import { record } from '../events';
import type { Locale } from '../i18n';
import { randomId } from '../lib/ids';
import { findMailboxes, maySend } from '../mail';
import { firmOf } from '../settings';
import { findSiteById, findSites, insertSite } from './queries';
import { DEFAULT_COLOUR, domainsOf, type SiteInput, type SiteRow } from './site';

/** Inside a transaction. `actor` is whoever is signed in, or the owner whom setup has just made. */
export function createSite(app: App, actor: Agent, input: SiteInput): SiteRow {
  const { name, origins, colour, language, greeting, privacyNotice, mailboxId } = input;
  const values = [
    name,
    JSON.stringify(origins),
    colour,
    language,
    greeting,
    privacyNotice,
    mailboxId,
  ] as const;
  const id = insertSite(app.db, ...values, randomId(), firmOf(app).timeZone, app.clock.now());
  record(app, 'site.created', actor, { id });
  return findSiteById(app.db, id) as SiteRow;
}

/** Domains of all websites, lower case. */
export const siteDomains = (app: App): string[] => findSites(app.db).flatMap(domainsOf);

/** What a new site begins with, in the words of its language. */
export function newSite(app: App, language: Locale = firmOf(app).language): SiteInput {
  const t = app.catalogues[language];
  const { company } = firmOf(app);
  return {
    name: company,
    origins: [],
    colour: DEFAULT_COLOUR,
    language,
    greeting: t('chat.site.greeting.default'),
    privacyNotice: t('chat.site.notice.default', { company }),
    mailboxId: findMailboxes(app.db).find(maySend)?.id ?? null,
  };
}
