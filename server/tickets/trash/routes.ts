// The trash, as a page; throwing a ticket away and bringing it back.
import type { App } from '../../app';
import { can } from '../../roles';
import { createRouter, page, say } from '../../web';
import { ticketFor } from '../access';
import { agentOfRequest, keyOf, viewOf } from '../request';
import { trashPage } from './present';
import { listTrash, restoreTicket, trashedFor, trashTicket } from './trash';

export function trashRoutes(app: App) {
  const router = createRouter();

  router.get('/trash', can('tickets.read'), (req, res) => {
    const actor = agentOfRequest(req);
    page(res, 'tickets/trash', trashPage(app, actor, req.context.reader, listTrash(app, actor, keyOf(req))));
  });

  router.post('/tickets/:number/trash', can('tickets.change'), async (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = ticketFor(app, actor, req.params['number']);
    await app.write(() => trashTicket(app, actor, ticket));
    say(res, {
      kind: 'good',
      text: req.context.reader.t('tickets.trash.moved', { number: String(ticket.number) }),
      undo: { action: `/tickets/${ticket.number}/restore`, fields: {} },
    });
    res.redirect(303, `/tickets?view=${viewOf(req)}`);
  });

  router.post('/tickets/:number/restore', can('tickets.change'), async (req, res) => {
    const actor = agentOfRequest(req);
    const { number } = await app.write(() => {
      const ticket = trashedFor(app, actor, req.params['number']);
      restoreTicket(app, actor, ticket);
      return ticket;
    });
    say(res, {
      kind: 'good',
      text: req.context.reader.t('tickets.trash.restored', { number: String(number) }),
    });
    res.redirect(303, `/tickets/${number}`);
  });

  return router;
}
