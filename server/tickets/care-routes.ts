// What a browser can ask about when a ticket comes back, and who hears of it.
import type { App } from '../app';
import { Invalid } from '../lib/errors';
import { can } from '../roles';
import { createRouter, page, readForm, say } from '../web';
import { numberFor, ticketFor } from './access';
import { followTicket } from './follow-ticket';
import { followForm, snoozeForm } from './forms';
import { ticketPage } from './present-ticket';
import { agentOfRequest, viewOf } from './request';
import { snoozeTicket, wakeTicket } from './snooze';
import { untilOf } from './snooze-times';

export function careRoutes(app: App) {
  const router = createRouter();

  router.post('/tickets/:number/snooze', can('tickets.change'), async (req, res) => {
    const actor = agentOfRequest(req);
    const { reader } = req.context;
    const ticket = ticketFor(app, actor, req.params['number']);
    const form = readForm(snoozeForm, req);
    const until = form.ok ? untilOf(form.value.for, form.value.at, app.clock.now(), reader.zone) : undefined;
    const isAsleep = until !== undefined && (await app.write(() => snoozeTicket(app, actor, ticket, until)));
    if (!isAsleep) {
      const error = until === undefined ? 'tickets.snooze.time' : 'tickets.snooze.done';
      const returned = { mode: 'reply' as const, snooze: { values: form.values, error } };
      const model = ticketPage(app, actor, reader, ticket, { view: viewOf(req) }, returned);
      return page(res, 'tickets/show', model, until === undefined ? 422 : 409);
    }
    const number = String(ticket.number);
    say(res, {
      kind: 'good',
      text:
        until === null
          ? reader.t('tickets.snooze.saidAnswer', { number })
          : reader.t('tickets.snooze.said', {
              number,
              until: reader.format.time(until).text,
              zone: reader.zone,
            }),
      undo: { action: `/tickets/${number}/wake`, fields: {} },
    });
    res.redirect(303, `/tickets/${number}`);
  });

  router.post('/tickets/:number/wake', can('tickets.change'), async (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = ticketFor(app, actor, req.params['number']);
    await app.write(() => wakeTicket(app, actor, ticket, 'hand'));
    res.redirect(303, `/tickets/${ticket.number}`);
  });

  router.post('/tickets/:number/follow', can('tickets.change'), async (req, res) => {
    const actor = agentOfRequest(req);
    const { t } = req.context.reader;
    const ticket = ticketFor(app, actor, req.params['number']);
    const form = readForm(followForm, req);
    if (!form.ok) throw Invalid('Whether you follow this ticket could not be read.');
    const follow = form.value.follow === '1';
    const isDone = await app.write(() => followTicket(app, actor, ticket, follow));
    if (!isDone) say(res, { kind: 'warn', text: t('tickets.follow.tooMany') });
    // Whoever saw it only because they followed it does not see it now.
    if (numberFor(app, actor, ticket.id) !== undefined) return res.redirect(303, `/tickets/${ticket.number}`);
    say(res, { kind: 'good', text: t('tickets.follow.gone', { number: String(ticket.number) }) });
    res.redirect(303, '/tickets');
  });

  return router;
}
