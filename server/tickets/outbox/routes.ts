// What a browser can ask of the outbox: which mails wait, left or did not, and what becomes of those that did not.
import type { Request } from 'express';
import type { App } from '../../app';
import { Conflict } from '../../lib/errors';
import { leaveUnsent, OUTBOX_STATES, type OutboxState, sendUnsent } from '../../mail';
import { can } from '../../roles';
import { createRouter, page, readForm, say } from '../../web';
import { ticketFor } from '../access';
import { dismissalForm } from '../forms';
import { agentOfRequest } from '../request';
import type { MessageRow, Ticket } from '../ticket';
import { trashedFor } from '../trash/trash';
import { messageFor } from '../writing/compose-reply';
import { decideUncertain, dismissMail, sendAgain, takeDismissalBack } from './delivery';
import { countOutbox, mailFor, type OutboxCounts, type OutboxLine } from './outbox';
import { outboxPage, stateSlug } from './present';

export function outboxRoutes(app: App) {
  const router = createRouter();

  router.get('/outbox', can('tickets.outbox'), (req, res) => {
    const agent = agentOfRequest(req);
    const before = /^\d{1,15}$/.exec(String(req.query['before'] ?? ''))?.[0];
    const counts = countOutbox(app, agent);
    const shown = stateOf(req) ?? firstOf(counts);
    page(
      res,
      'tickets/outbox',
      outboxPage(
        app,
        agent,
        req.context.reader,
        counts,
        shown,
        before === undefined ? undefined : Number(before),
      ),
    );
  });

  router.get('/outbox/:id', can('tickets.outbox'), (req, res) => {
    const { id, state } = mailOf(req);
    res.redirect(303, `${tabOf(state)}&before=${id + 1}#mail-${id}`);
  });

  router.post('/outbox/:id/sending', can('tickets.deliver'), async (req, res) => {
    const mail = mailOf(req);
    const actor = agentOfRequest(req);
    await app.write(() => {
      const now = mailOf(req);
      const carried = carriedBy(req, now);
      if (now.is_trashed) throw Conflict('The ticket of this mail is in the trash. Bring it back first.');
      if (!carried) sendUnsent(app, actor, now);
      else if (now.state === 'uncertain') decideUncertain(app, actor, carried.ticket, carried.message, false);
      else sendAgain(app, actor, carried.ticket, carried.message);
    });
    say(res, { kind: 'info', text: req.context.reader.t('outbox.sentAgain') });
    res.redirect(303, tabOf(mail.state));
  });

  router.post('/outbox/:id/arrived', can('tickets.deliver'), async (req, res) => {
    const mail = mailOf(req);
    const actor = agentOfRequest(req);
    await app.write(() => {
      const now = mailOf(req);
      const carried = carriedBy(req, now);
      if (carried) decideUncertain(app, actor, carried.ticket, carried.message, true);
      else leaveUnsent(app, actor, now);
    });
    res.redirect(303, tabOf(mail.state));
  });

  router.post('/outbox/:id/dismissal', can('tickets.deliver'), async (req, res) => {
    const mail = mailOf(req);
    await app.write(() => {
      const now = mailOf(req);
      dismissMail(app, agentOfRequest(req), now, carriedBy(req, now));
    });
    say(res, {
      kind: 'good',
      text: req.context.reader.t('outbox.dismissed'),
      undo: { action: `/outbox/${mail.id}/dismissal/undo`, fields: { was: mail.state } },
    });
    res.redirect(303, tabOf(mail.state));
  });

  router.post('/outbox/:id/dismissal/undo', can('tickets.deliver'), async (req, res) => {
    const form = readForm(dismissalForm, req);
    const was = form.ok ? form.value.was : 'failed';
    await app.write(() => {
      const now = mailOf(req);
      takeDismissalBack(app, agentOfRequest(req), now, carriedBy(req, now), was);
    });
    res.redirect(303, tabOf(was));
  });

  const mailOf = (req: Request): OutboxLine => mailFor(app, agentOfRequest(req), req.params['id']);

  /** The message that a mail carries, loaded through its ticket. */
  function carriedBy(req: Request, mail: OutboxLine): { ticket: Ticket; message: MessageRow } | undefined {
    if (mail.number === null || mail.message_id === null) return undefined;
    const agent = agentOfRequest(req);
    const ticket = mail.is_trashed ? trashedFor(app, agent, mail.number) : ticketFor(app, agent, mail.number);
    const message = messageFor(app, ticket, mail.message_id);
    return message && { ticket, message };
  }

  return router;
}

const tabOf = (state: OutboxState) => `/outbox?show=${stateSlug(state)}`;

const stateOf = (req: Request): OutboxState | undefined =>
  OUTBOX_STATES.find((state) => stateSlug(state) === req.query['show']);

/** Without a choice: what somebody has to decide about, else what waits. */
const firstOf = (counts: OutboxCounts): OutboxState =>
  (['failed', 'uncertain', 'held'] as const).find((state) => counts[state] > 0) ?? 'waiting';
