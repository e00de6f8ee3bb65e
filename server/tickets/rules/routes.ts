// What admins can ask of rules: to write, try, order, switch and remove them.
import type { Request } from 'express';
import type { App } from '../../app';
import { Invalid } from '../../lib/errors';
import { can } from '../../roles';
import { createRouter, formWithError, page, readForm, say } from '../../web';
import { agentOfRequest } from '../request';
import { placeForm, ruleForm, switchForm, tryForm } from './form';
import { rulePage, ruleRemovalPage, rulesPage } from './present';
import type { RuleRow } from './rule';
import { changeRule, createRule, moveRule, removeRule, ruleFor, switchRule } from './rules';
import { tryOnNewest } from './try';

const LIST = '/settings/rules';

export function ruleRoutes(app: App) {
  const router = createRouter();
  const guard = can('rules.change');
  const ruleOf = (req: Request) => ruleFor(app, req.params['id']);

  router.get(LIST, guard, (req, res) => page(res, 'rules/index', rulesPage(app, req.context.reader)));

  router.get(`${LIST}/new`, guard, (req, res) =>
    page(res, 'rules/edit', rulePage(app, req.context.reader, undefined)),
  );

  router.get(`${LIST}/:id`, guard, (req, res) =>
    page(res, 'rules/edit', rulePage(app, req.context.reader, ruleOf(req))),
  );

  router.post(LIST, guard, async (req, res) => {
    const { reader } = req.context;
    const form = readForm(ruleForm, req);
    if (!form.ok) return page(res, 'rules/edit', rulePage(app, reader, undefined, form), 422);
    const outcome = await app.write(() => createRule(app, agentOfRequest(req), form.value));
    if ('refused' in outcome) {
      const returned = formWithError(form.values, 'form', 'tickets.rules.tooMany');
      return page(res, 'rules/edit', rulePage(app, reader, undefined, returned), 409);
    }
    say(res, { kind: 'good', text: reader.t('tickets.rules.saved', { name: form.value.name }) });
    res.redirect(303, LIST);
  });

  /** Nothing is saved; the conditions are sent, so that no address stands in a log of addresses asked for (P11). */
  const showTrial = (req: Request, rule?: RuleRow) => {
    const form = readForm(tryForm, req);
    const tried = form.ok ? tryOnNewest(app, form.value) : undefined;
    const returned = { values: form.values, errors: form.ok ? {} : form.errors };
    return {
      model: rulePage(app, req.context.reader, rule, returned, tried),
      status: form.ok ? 200 : 422,
    };
  };

  router.post(`${LIST}/trial`, guard, (req, res) => {
    const { model, status } = showTrial(req);
    page(res, 'rules/edit', model, status);
  });

  router.post(`${LIST}/:id/trial`, guard, (req, res) => {
    const { model, status } = showTrial(req, ruleOf(req));
    page(res, 'rules/edit', model, status);
  });

  router.post(`${LIST}/:id`, guard, async (req, res) => {
    const { reader } = req.context;
    const rule = ruleOf(req);
    const form = readForm(ruleForm, req);
    if (!form.ok) return page(res, 'rules/edit', rulePage(app, reader, rule, form), 422);
    await app.write(() => changeRule(app, agentOfRequest(req), rule.id, form.value));
    say(res, { kind: 'good', text: reader.t('tickets.rules.saved', { name: form.value.name }) });
    res.redirect(303, LIST);
  });

  router.post(`${LIST}/:id/place`, guard, async (req, res) => {
    const rule = ruleOf(req);
    const form = readForm(placeForm, req);
    if (!form.ok) throw Invalid('Where this rule should go could not be read.');
    await app.write(() => moveRule(app, agentOfRequest(req), rule, form.value.to));
    res.redirect(303, LIST);
  });

  router.post(`${LIST}/:id/switch`, guard, async (req, res) => {
    const rule = ruleOf(req);
    const form = readForm(switchForm, req);
    if (!form.ok) throw Invalid('Whether this rule should run could not be read.');
    await app.write(() => switchRule(app, agentOfRequest(req), rule, form.value.on === '1'));
    res.redirect(303, LIST);
  });

  router.get(`${LIST}/:id/removal`, guard, (req, res) =>
    page(res, 'rules/remove', ruleRemovalPage(req.context.reader, ruleOf(req))),
  );

  router.post(`${LIST}/:id/removal`, guard, async (req, res) => {
    const rule = ruleOf(req);
    await app.write(() => removeRule(app, agentOfRequest(req), rule));
    say(res, { kind: 'good', text: req.context.reader.t('tickets.rules.removed', { name: rule.name }) });
    res.redirect(303, LIST);
  });

  return router;
}
