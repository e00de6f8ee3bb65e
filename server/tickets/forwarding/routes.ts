// What a browser can ask to forward a message or a conversation to somebody outside.
import type { Request } from 'express';
import type { App } from '../../app';
import { NotFound } from '../../lib/errors';
import { can } from '../../roles';
import { acceptUploads, createRouter, page, readForm, say, typedIn } from '../../web';
import { ticketFor } from '../access';
import { writingPlace } from '../living';
import { agentOfRequest } from '../request';
import type { Ticket } from '../ticket';
import { onlyReadMailbox } from '../writing/compose-reply';
import { keepPageDraft, keepTyped } from '../writing/drafts';
import { newFilesOf } from '../writing/new-files';
import { forwardForm } from './form';
import { bytesOf, forwardTicket, wrongThirds } from './forward';
import { LARGEST_FILES, originalOf } from './original';
import { type ForwardAgain, forwardPage } from './present-forward';

export function forwardRoutes(app: App) {
  const router = createRouter();
  const uploads = acceptUploads(app.config.data);

  router.get('/tickets/:number/forward', can('tickets.forward'), (req, res) => {
    const ticket = ticketFor(app, agentOfRequest(req), req.params['number']);
    const place = writingPlace(app, agentOfRequest(req), ticket);
    if (place.id !== ticket.id) return res.redirect(303, `/tickets/${place.number}/forward`);
    const { files, to } = req.query;
    const chosen = typeof files === 'string' ? files.split('-').map(Number) : undefined;
    const asked = typeof to === 'string' ? to.slice(0, 254) : '';
    page(res, 'tickets/forward', model(req, ticket, String(req.query['message'] ?? ''), { chosen }, asked));
  });

  router.post('/tickets/:number/forward', can('tickets.forward'), uploads, async (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = ticketFor(app, actor, req.params['number']);
    const form = readForm(forwardForm, req);
    const files = await newFilesOf(app, req);
    const chosen = [(form.values['file'] as string | string[] | undefined) ?? []].flat().map(Number);
    if (!form.ok) {
      await app.write(() => keepTyped(app, actor, ticket, 'forward', form, files));
      const again = { form, chosen };
      return page(res, 'tickets/forward', model(req, ticket, typedIn(form.values, 'message'), again), 422);
    }
    const input = form.value;
    const keep = (place: Ticket) =>
      app.write(() => keepPageDraft(app, actor, place, 'forward', input.words, input, files));
    const place = writingPlace(app, actor, ticket);
    if (place.id !== ticket.id) {
      await keep(place);
      say(res, { kind: 'warn', text: req.context.reader.t('tickets.merged.kept') });
      return res.redirect(303, `/tickets/${place.number}/forward`);
    }
    if (onlyReadMailbox(app, ticket)) {
      await keep(ticket);
      return page(res, 'tickets/forward', model(req, ticket, String(input.message), { chosen }), 409);
    }
    if (Object.keys(wrongThirds(app, ticket, input.to)).length > 0) {
      await keep(ticket);
      const again = { chosen, hasWrongPeople: true };
      return page(res, 'tickets/forward', model(req, ticket, String(input.message), again), 422);
    }
    const bytes = bytesOf(app, actor, ticket, input, files);
    if (bytes > LARGEST_FILES) {
      await keep(ticket);
      return page(res, 'tickets/forward', model(req, ticket, String(input.message), { chosen, bytes }), 422);
    }
    const message = await app.write(() => forwardTicket(app, actor, ticket, input, files));
    res.redirect(303, `/tickets/${ticket.number}#message-${message.id}`);
  });

  function model(req: Request, ticket: Ticket, message: string, again: ForwardAgain, to = '') {
    const original = originalOf(app, ticket, message === '' ? undefined : Number(message) || 0);
    if (!original) throw NotFound('There is no such message on this ticket that could be forwarded.');
    return forwardPage(app, agentOfRequest(req), req.context.reader, ticket, original, to, again);
  }

  return router;
}
