// The settings pages about websites, for admins.
import type { Request } from 'express';
import type { Agent } from '../agents';
import type { App } from '../app';
import { can } from '../roles';
import { publicUrlOf } from '../settings';
import { type BadForm, createRouter, ownOrigin, page, readForm, say } from '../web';
import { siteFor } from './access';
import { changeSite, removeSite } from './change-site';
import { createSite, newSite } from './create-site';
import { type SiteForm, siteForm } from './forms';
import { inputOf, sitePage, sitesPage } from './present-sites';
import { framePage } from './present-widget';
import type { SiteInput, SiteRow } from './site';
import { mayBeFramed } from './widget-routes';

export function siteRoutes(app: App) {
  const router = createRouter();
  const guard = can('sites.change');
  const model = (req: Request, site: SiteRow | undefined, form?: BadForm) =>
    sitePage(
      app,
      req.context.reader,
      site,
      site ? inputOf(site) : newSite(app),
      addressOfDesk(app, req),
      form,
    );

  router.get('/settings/sites', guard, (req, res) =>
    page(res, 'chat/sites', sitesPage(app, req.context.reader)),
  );

  router.get('/settings/sites/new', guard, (req, res) => page(res, 'chat/site', model(req, undefined)));

  router.get('/settings/sites/preview', guard, (req, res) => {
    const site = req.query['site'] === undefined ? undefined : siteFor(app, req.query['site']);
    mayBeFramed(res, ownOrigin(app.config, req.headers.host, req.secure), []);
    page(res, 'chat/frame', framePage(app, site, site ? inputOf(site) : newSite(app), { preview: true }));
  });

  router.get('/settings/sites/:site', guard, (req, res) =>
    page(res, 'chat/site', model(req, siteFor(app, req.params['site']))),
  );

  router.post('/settings/sites', guard, async (req, res) => {
    const form = readForm(siteForm, req);
    if (!form.ok) return page(res, 'chat/site', model(req, undefined, form), 422);
    const site = await app.write(() => createSite(app, agentOf(req), inputFrom(form.value)));
    say(res, { kind: 'good', text: req.context.reader.t('chat.site.created') });
    res.redirect(303, `/settings/sites/${site.public_id}`);
  });

  router.post('/settings/sites/:site', guard, async (req, res) => {
    const site = siteFor(app, req.params['site']);
    const form = readForm(siteForm, req);
    if (!form.ok) return page(res, 'chat/site', model(req, site, form), 422);
    await app.write(() => changeSite(app, agentOf(req), site, inputFrom(form.value)));
    say(res, { kind: 'good', text: req.context.reader.t('chat.site.saved') });
    res.redirect(303, `/settings/sites/${site.public_id}`);
  });

  router.post('/settings/sites/:site/remove', guard, async (req, res) => {
    const site = siteFor(app, req.params['site']);
    await app.write(() => removeSite(app, agentOf(req), site));
    say(res, { kind: 'good', text: req.context.reader.t('chat.site.removed', { name: site.name }) });
    res.redirect(303, '/settings/sites');
  });

  return router;
}

const agentOf = (req: Request) => req.context.actor as Agent;

export const inputFrom = ({ mailbox, ...input }: SiteForm): SiteInput => ({
  ...input,
  mailboxId: mailbox === '' ? null : Number(mailbox),
});

/** Where the snippet loads the widget from: what was configured, else the address this page was opened under. */
export const addressOfDesk = (app: App, req: Request): string =>
  publicUrlOf(app) ?? ownOrigin(app.config, req.headers.host, req.secure);
