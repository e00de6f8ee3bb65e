// What can be asked of the firm's own fields: the settings of admins, and filling them in on a ticket.
import type { Request } from 'express';
import type { App } from '../../app';
import { Invalid } from '../../lib/errors';
import { can } from '../../roles';
import { createRouter, type Form, formWithError, page, readForm, say } from '../../web';
import { bringUpToDate, ticketFor } from '../access';
import { addSystemLine } from '../add-message';
import { signalTicket } from '../live';
import { ticketPage } from '../present-ticket';
import { agentOfRequest, viewOf } from '../request';
import { changeField, createField, fieldFor, fieldsOf, moveField, removeField } from './fields';
import { changedFieldForm, fieldPlaceForm, lacksChoices, newFieldForm, readTyped } from './form';
import { fieldPage, fieldRemovalPage, fieldsPage } from './present';
import { saidOf, writeValues } from './values';

const LIST = '/settings/fields';
const REFUSED = { 'too-many': 'tickets.fields.tooMany', 'same-name': 'tickets.fields.sameName' } as const;

export function fieldRoutes(app: App) {
  const router = createRouter();
  const guard = can('fields.change');
  const fieldOf = (req: Request) => fieldFor(app, req.params['id']);

  router.get(LIST, guard, (req, res) => page(res, 'fields/index', fieldsPage(app, req.context.reader)));

  router.get(`${LIST}/new`, guard, (req, res) =>
    page(res, 'fields/edit', fieldPage(req.context.reader, undefined)),
  );

  router.get(`${LIST}/:id`, guard, (req, res) =>
    page(res, 'fields/edit', fieldPage(req.context.reader, fieldOf(req))),
  );

  router.post(LIST, guard, async (req, res) => {
    const { reader } = req.context;
    const form = whole(readForm(newFieldForm, req), (value) => value.type);
    if (!form.ok) return page(res, 'fields/edit', fieldPage(reader, undefined, form), 422);
    const outcome = await app.write(() => createField(app, agentOfRequest(req), form.value, form.value));
    if ('refused' in outcome)
      return page(res, 'fields/edit', fieldPage(reader, undefined, refusal(form, outcome)), 409);
    say(res, { kind: 'good', text: reader.t('tickets.fields.saved', { name: form.value.name }) });
    res.redirect(303, LIST);
  });

  router.post(`${LIST}/:id`, guard, async (req, res) => {
    const { reader } = req.context;
    const field = fieldOf(req);
    const form = whole(readForm(changedFieldForm, req), () => field.type);
    if (!form.ok) return page(res, 'fields/edit', fieldPage(reader, field, form), 422);
    const outcome = await app.write(() => changeField(app, agentOfRequest(req), field, form.value));
    if ('refused' in outcome)
      return page(res, 'fields/edit', fieldPage(reader, field, refusal(form, outcome)), 409);
    say(res, { kind: 'good', text: reader.t('tickets.fields.saved', { name: form.value.name }) });
    res.redirect(303, LIST);
  });

  router.post(`${LIST}/:id/place`, guard, async (req, res) => {
    const field = fieldOf(req);
    const form = readForm(fieldPlaceForm, req);
    if (!form.ok) throw Invalid('Where this field should go could not be read.');
    await app.write(() => moveField(app, agentOfRequest(req), field, form.value.to));
    res.redirect(303, LIST);
  });

  router.get(`${LIST}/:id/removal`, guard, (req, res) =>
    page(res, 'fields/remove', fieldRemovalPage(app, req.context.reader, fieldOf(req))),
  );

  router.post(`${LIST}/:id/removal`, guard, async (req, res) => {
    const field = fieldOf(req);
    await app.write(() => removeField(app, agentOfRequest(req), field));
    say(res, { kind: 'good', text: req.context.reader.t('tickets.fields.removed', { name: field.name }) });
    res.redirect(303, LIST);
  });

  router.post('/tickets/:number/fields', can('tickets.change'), async (req, res) => {
    const actor = agentOfRequest(req);
    const { reader } = req.context;
    const ticket = ticketFor(app, actor, req.params['number']);
    const form = readTyped(fieldsOf(app, 'ticket'), req);
    if (!form.ok) throw Invalid('These fields could not be read; they may have changed meanwhile.');
    const outcome = await app.write(() => {
      bringUpToDate(app, ticket);
      const written = writeValues(app, actor, 'ticket', ticket, form.value);
      if ('errors' in written || written.changed.length === 0) return written;
      const fields = written.changed.map(({ name }) => name).join(', ');
      addSystemLine(app, ticket, 'tickets.says.fields', { who: actor.name, fields });
      signalTicket(app, ticket.id);
      return written;
    });
    if ('errors' in outcome) {
      const fields = { ok: false as const, values: form.values, errors: outcome.errors };
      const asked = { view: viewOf(req) };
      return page(
        res,
        'tickets/show',
        ticketPage(app, actor, reader, ticket, asked, { mode: 'reply', fields }),
        422,
      );
    }
    say(res, saidOf(reader.t, outcome));
    res.redirect(303, `/tickets/${ticket.number}`);
  });

  return router;
}

/** A field to choose from needs something that can be chosen. */
function whole<Value extends { choices: string[]; name: string; isNeeded: boolean }>(
  form: Form<Value>,
  typeOf: (value: Value) => Parameters<typeof lacksChoices>[0],
): Form<Value> {
  return form.ok && lacksChoices(typeOf(form.value), form.value)
    ? formWithError(form.values, 'choices', 'tickets.fields.choices.none')
    : form;
}

const refusal = (form: { values: Record<string, unknown> }, { refused }: { refused: keyof typeof REFUSED }) =>
  formWithError(form.values, refused === 'same-name' ? 'name' : 'form', REFUSED[refused]);
