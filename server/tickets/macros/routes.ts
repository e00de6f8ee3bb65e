// The settings page of macros: one's own, and everybody's for those who may.
import type { App } from '../../app';
import { can } from '../../roles';
import { createRouter, page, readForm, say } from '../../web';
import { macroForm } from '../forms';
import { agentOfRequest } from '../request';
import { macroFor, removeMacro, saveMacro } from './macros';
import { macroPage, macroRemovalPage, macrosPage } from './present';

export function macroRoutes(app: App) {
  const router = createRouter();
  const guard = can('macros.own');

  router.get('/settings/macros', guard, (req, res) =>
    page(res, 'macros/index', macrosPage(app, agentOfRequest(req), req.context.reader)),
  );

  router.get('/settings/macros/new', guard, (req, res) =>
    page(res, 'macros/edit', macroPage(agentOfRequest(req), req.context.reader, undefined)),
  );

  router.get('/settings/macros/:id', guard, (req, res) => {
    const actor = agentOfRequest(req);
    page(res, 'macros/edit', macroPage(actor, req.context.reader, macroFor(app, actor, req.params['id'])));
  });

  router.post('/settings/macros', guard, async (req, res) => {
    const actor = agentOfRequest(req);
    const form = readForm(macroForm, req);
    if (!form.ok) return page(res, 'macros/edit', macroPage(actor, req.context.reader, undefined, form), 422);
    await app.write(() => saveMacro(app, actor, undefined, form.value));
    say(res, { kind: 'good', text: req.context.reader.t('tickets.macros.saved', { name: form.value.name }) });
    res.redirect(303, '/settings/macros');
  });

  router.post('/settings/macros/:id', guard, async (req, res) => {
    const actor = agentOfRequest(req);
    const macro = macroFor(app, actor, req.params['id']);
    const form = readForm(macroForm, req);
    if (!form.ok) return page(res, 'macros/edit', macroPage(actor, req.context.reader, macro, form), 422);
    await app.write(() => saveMacro(app, actor, macro, form.value));
    say(res, { kind: 'good', text: req.context.reader.t('tickets.macros.saved', { name: form.value.name }) });
    res.redirect(303, '/settings/macros');
  });

  router.get('/settings/macros/:id/removal', guard, (req, res) => {
    const macro = macroFor(app, agentOfRequest(req), req.params['id']);
    page(res, 'macros/remove', macroRemovalPage(req.context.reader, macro));
  });

  router.post('/settings/macros/:id/removal', guard, async (req, res) => {
    const actor = agentOfRequest(req);
    const macro = macroFor(app, actor, req.params['id']);
    await app.write(() => removeMacro(app, actor, macro));
    say(res, { kind: 'good', text: req.context.reader.t('tickets.macros.removed', { name: macro.name }) });
    res.redirect(303, '/settings/macros');
  });

  return router;
}
