// What a browser can ask of notes about a customer: write one, change or remove one's own.
import type { Request } from 'express';
import { z } from 'zod';
import type { App } from '../../app';
import {
  type CustomerRow,
  changeNote,
  findNoteOn,
  findStayingCustomer,
  type NoteRow,
  needStaying,
  noteOnCustomer,
  removeNote,
} from '../../customers';
import { NotAllowed, NotFound } from '../../lib/errors';
import { can } from '../../roles';
import { createRouter, page, readForm, requiredText, say } from '../../web';
import { customerPage } from '../present-customer';
import { agentOfRequest } from '../request';
import { customerNotePage, customerNoteRemovalPage, mayChangeNote } from './present';

const noteForm = z.strictObject({ words: requiredText(4_000) });

export function customerNoteRoutes(app: App) {
  const router = createRouter();

  router.post('/customers/:id/notes', can('customers.note'), async (req, res) => {
    const customer = customerFor(req);
    const actor = agentOfRequest(req);
    const form = readForm(noteForm, req);
    if (!form.ok) {
      const model = customerPage(app, actor, req.context.reader, customer, {}, undefined, { note: form });
      return page(res, 'customers/show', model, 422);
    }
    await app.write(() => noteOnCustomer(app, actor, needStaying(app, customer), form.value.words));
    res.redirect(303, `/customers/${customer.public_id}#notes`);
  });

  router.get('/customers/:id/notes/:note', can('customers.note'), (req, res) => {
    const { customer, note } = noteFor(req);
    page(res, 'customers/note', customerNotePage(req.context.reader, customer, note));
  });

  router.post('/customers/:id/notes/:note', can('customers.note'), async (req, res) => {
    const { customer, note } = noteFor(req);
    const form = readForm(noteForm, req);
    if (!form.ok)
      return page(res, 'customers/note', customerNotePage(req.context.reader, customer, note, form), 422);
    await app.write(() => {
      needStaying(app, customer);
      changeNote(app, agentOfRequest(req), note, form.value.words);
    });
    res.redirect(303, `/customers/${customer.public_id}#note-${note.id}`);
  });

  router.get('/customers/:id/notes/:note/removal', can('customers.note'), (req, res) => {
    const { customer, note } = noteFor(req);
    page(res, 'customers/note-removal', customerNoteRemovalPage(req.context.reader, customer, note));
  });

  router.post('/customers/:id/notes/:note/removal', can('customers.note'), async (req, res) => {
    const { customer, note } = noteFor(req);
    await app.write(() => {
      needStaying(app, customer);
      removeNote(app, agentOfRequest(req), note);
    });
    say(res, { kind: 'good', text: req.context.reader.t('customers.notes.removed') });
    res.redirect(303, `/customers/${customer.public_id}#notes`);
  });

  function customerFor(req: Request): CustomerRow {
    const customer = findStayingCustomer(app, String(req.params['id']));
    if (!customer) throw NotFound('There is no such customer.');
    return customer;
  }

  /** Throws NotAllowed for what somebody else wrote. */
  function noteFor(req: Request): { customer: CustomerRow; note: NoteRow } {
    const customer = customerFor(req);
    const id = /^\d{1,15}$/.exec(String(req.params['note']))?.[0];
    const note = id === undefined ? undefined : findNoteOn(app.db, customer.id, Number(id));
    if (!note) throw NotFound('There is no such note.');
    if (!mayChangeNote(agentOfRequest(req), note)) throw NotAllowed();
    return { customer, note };
  }

  return router;
}
