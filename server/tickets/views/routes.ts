// What a browser can ask of saved views: to make, change and remove one.
import type { Request } from 'express';
import type { App } from '../../app';
import { NotAllowed, NotFound } from '../../lib/errors';
import { can, mayRole } from '../../roles';
import { checkForm, createRouter, formWithError, page, readForm, say } from '../../web';
import { agentOfRequest } from '../request';
import { changeView, createView, removeView } from './change-view';
import { previewForm, viewForm } from './form';
import { viewPage, viewRemovalPage } from './present';
import { mustBeTheirs, type SavedView, savedViewFor } from './saved-view';

export function savedViewRoutes(app: App) {
  const router = createRouter();

  /** With `preview=1` the conditions stand in the address, and nothing is saved. */
  const show = (req: Request, view: SavedView | undefined) => {
    const { reader } = req.context;
    const agent = agentOfRequest(req);
    if (req.query['preview'] === undefined) return viewPage(app, agent, reader, view);
    const asked = checkForm(previewForm, { ...req.query });
    const returned = { values: asked.values, errors: asked.ok ? {} : asked.errors };
    return viewPage(app, agent, reader, view, returned, asked.ok ? asked.value : undefined);
  };

  router.get('/views/new', can('views.own'), (req, res) =>
    page(res, 'tickets/saved-view', show(req, undefined)),
  );

  router.post('/views', can('views.own'), async (req, res) => {
    const agent = agentOfRequest(req);
    const { reader } = req.context;
    const form = readForm(viewForm, req);
    if (!form.ok) return page(res, 'tickets/saved-view', viewPage(app, agent, reader, undefined, form), 422);
    mayShare(req, form.value.isShared);
    const outcome = await app.write(() => createView(app, agent, form.value));
    if ('refused' in outcome) {
      const returned = formWithError(form.values, 'form', 'tickets.views.tooMany');
      return page(res, 'tickets/saved-view', viewPage(app, agent, reader, undefined, returned), 409);
    }
    say(res, { kind: 'good', text: reader.t('tickets.views.saved.done', { name: form.value.name }) });
    res.redirect(303, `/tickets?view=saved-${outcome.id}`);
  });

  router.get('/views/:id', can('views.own'), (req, res) =>
    page(res, 'tickets/saved-view', show(req, theirView(req))),
  );

  router.post('/views/:id', can('views.own'), async (req, res) => {
    const agent = agentOfRequest(req);
    const { reader } = req.context;
    const view = theirView(req);
    const form = readForm(viewForm, req);
    if (!form.ok) return page(res, 'tickets/saved-view', viewPage(app, agent, reader, view, form), 422);
    mayShare(req, form.value.isShared);
    const outcome = await app.write(() => changeView(app, agent, view.id, form.value));
    if ('refused' in outcome) {
      if (outcome.refused === 'gone') throw NotFound();
      const returned = formWithError(form.values, 'form', 'tickets.views.tooMany');
      return page(res, 'tickets/saved-view', viewPage(app, agent, reader, view, returned), 409);
    }
    say(res, { kind: 'good', text: reader.t('tickets.views.saved.done', { name: form.value.name }) });
    res.redirect(303, `/tickets?view=saved-${view.id}`);
  });

  router.get('/views/:id/removal', can('views.own'), (req, res) =>
    page(res, 'tickets/saved-view-removal', viewRemovalPage(req.context.reader, theirView(req))),
  );

  router.post('/views/:id/removal', can('views.own'), async (req, res) => {
    const view = theirView(req);
    await app.write(() => removeView(app, agentOfRequest(req), { id: view.id, agent_id: view.agentId }));
    say(res, { kind: 'good', text: req.context.reader.t('tickets.views.removed', { name: view.name }) });
    res.redirect(303, '/tickets');
  });

  function theirView(req: Request): SavedView {
    const view = savedViewFor(app, agentOfRequest(req), req.params['id']);
    mustBeTheirs(agentOfRequest(req), view);
    return view;
  }

  return router;
}

/** Views for everybody are made by admins. */
function mayShare(req: Request, isShared: boolean): void {
  if (isShared && !mayRole(agentOfRequest(req).role, 'views.share')) throw NotAllowed();
}
