// A site is changed, or taken off its website.
import type { Agent } from '../agents';
import type { App } from '../app';
import { record } from '../events';
import { updateSite, updateSiteDeleted } from './queries';
import type { SiteInput, SiteRow } from './site';

export function changeSite(app: App, actor: Agent, site: SiteRow, input: SiteInput): void {
  const { name, origins, colour, language, greeting, privacyNotice, mailboxId } = input;
  updateSite(
    app.db,
    name,
    JSON.stringify(origins),
    colour,
    language,
    greeting,
    privacyNotice,
    mailboxId,
    site.id,
  );
  record(app, 'site.changed', actor, site);
}

/** Its conversations stay; the widget is gone from its pages at the next visit. */
export function removeSite(app: App, actor: Agent, site: SiteRow): void {
  updateSiteDeleted(app.db, app.clock.now(), site.id);
  record(app, 'site.removed', actor, site);
}
