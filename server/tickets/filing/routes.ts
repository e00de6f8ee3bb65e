// What a browser can ask about where a mail belongs, and whose mail is let in.
import type { Request, Response } from 'express';
import { findAgentById } from '../../agents';
import type { App } from '../../app';
import { Invalid, NotFound } from '../../lib/errors';
import { addressKey, blockSender, isOwnAddress, unblockSender } from '../../mail';
import { can } from '../../roles';
import { createRouter, formWithError, page, readForm, say } from '../../web';
import { numberFor, ticketFor, visibleTicket } from '../access';
import { ownTicketForm, placeForm, senderForm } from '../forms';
import { findParticipants } from '../queries';
import { agentOfRequest } from '../request';
import type { MessageRow, Ticket } from '../ticket';
import { messageFor } from '../writing/compose-reply';
import { type MoveOutcome, makeOwnTicket, mayBeMoved, movedAway, moveMessage } from './move-message';
import { placePage } from './present-place';
import { livingTicket } from './thread';

export function placeRoutes(app: App) {
  const router = createRouter();
  const path = '/tickets/:number/messages/:message';

  router.get(`${path}/place`, can('tickets.change'), (req, res) => {
    const found = mailOf(req, res);
    if (!found) return;
    const { ticket, message } = found;
    page(res, 'tickets/place', placePage(app, agentOfRequest(req), req.context.reader, ticket, message));
  });

  router.post(`${path}/place`, can('tickets.change'), async (req, res) => {
    const actor = agentOfRequest(req);
    const found = mailOf(req, res);
    if (!found) return;
    const { ticket, message } = found;
    const form = readForm(placeForm, req);
    const to = form.ok ? targetOf(req, form.value.ticket) : undefined;
    if (!form.ok || !to || to.id === ticket.id) {
      const wrong = form.ok
        ? formWithError(form.values, 'ticket', to ? 'tickets.place.same' : 'tickets.place.unknown')
        : form;
      return page(
        res,
        'tickets/place',
        placePage(app, actor, req.context.reader, ticket, message, wrong),
        422,
      );
    }
    answer(req, res, ticket, message, await app.write(() => moveMessage(app, actor, ticket, message, to)));
  });

  router.post(`${path}/own-ticket`, can('tickets.change'), async (req, res) => {
    const actor = agentOfRequest(req);
    const found = mailOf(req, res);
    if (!found) return;
    const { ticket, message } = found;
    const form = readForm(ownTicketForm, req);
    if (!form.ok) {
      const model = placePage(app, actor, req.context.reader, ticket, message, form);
      return page(res, 'tickets/place', model, 422);
    }
    const { subject } = form.value;
    answer(
      req,
      res,
      ticket,
      message,
      await app.write(() => makeOwnTicket(app, actor, ticket, message, subject)),
    );
  });

  router.post('/tickets/:number/block', can('tickets.block'), async (req, res) => {
    const actor = agentOfRequest(req);
    const { t } = req.context.reader;
    const ticket = ticketFor(app, actor, req.params['number']);
    const form = readForm(senderForm, req);
    const person = form.ok
      ? findParticipants(app.db, ticket.id).find(({ id }) => id === form.value.participant)
      : undefined;
    if (!form.ok || !person?.address || person.customer_id === null || isOwnAddress(app, person.address))
      throw Invalid('Nobody with this number can be blocked.');
    const { address } = person;
    const isBlock = form.value.block === '1';
    await app.write(() => {
      const value = addressKey(address);
      if (isBlock) blockSender(app, actor, { kind: 'address', value });
      else unblockSender(app, actor, value);
    });
    say(res, {
      kind: 'good',
      text: t(isBlock ? 'tickets.block.done' : 'tickets.block.undone', { address }),
      undo: {
        action: `/tickets/${ticket.number}/block`,
        fields: { participant: String(person.id), block: isBlock ? '0' : '1' },
      },
    });
    res.redirect(303, `/tickets/${ticket.number}`);
  });

  /** Undefined after it has answered already: somebody else moved the mail meanwhile (W3). */
  function mailOf(req: Request, res: Response): { ticket: Ticket; message: MessageRow } | undefined {
    const ticket = ticketFor(app, agentOfRequest(req), req.params['number']);
    const id = Number(req.params['message']) || 0;
    const message = messageFor(app, ticket, id);
    const outrun = message ? undefined : movedAway(app, ticket, id);
    if (outrun) {
      tellWho(req, res, ticket, outrun);
      return undefined;
    }
    if (!message || !mayBeMoved(message)) throw NotFound('There is no such mail on this ticket.');
    return { ticket, message };
  }

  /** A ticket that the agent may see, or what it was merged into; `#1040` is 1040. */
  function targetOf(req: Request, typed: string): Ticket | undefined {
    const actor = agentOfRequest(req);
    const named = visibleTicket(app, actor, typed.replace(/^#\s*/, ''));
    const living = named && livingTicket(app, named.id);
    return living && visibleTicket(app, actor, living.number);
  }

  function answer(
    req: Request,
    res: Response,
    from: Ticket,
    message: MessageRow,
    outcome: MoveOutcome,
  ): void {
    if (!outcome.moved) return tellWho(req, res, from, outcome);
    const { number } = outcome.to;
    say(res, {
      kind: 'good',
      text: req.context.reader.t('tickets.place.done', { number: String(number) }),
      undo: {
        action: `/tickets/${number}/messages/${message.id}/place`,
        fields: { ticket: String(from.number) },
      },
    });
    res.redirect(303, `/tickets/${number}#message-${message.id}`);
  }

  function tellWho(
    req: Request,
    res: Response,
    from: Ticket,
    { by, ticketId }: Extract<MoveOutcome, { moved: false }>,
  ): void {
    const { t } = req.context.reader;
    const who = (by !== null && findAgentById(app.db, by)?.name) || t('tickets.someone');
    const number = ticketId === null ? undefined : numberFor(app, agentOfRequest(req), ticketId);
    const text =
      number === undefined
        ? t('tickets.place.outrun', { who })
        : t('tickets.place.outrunTo', { who, number: String(number) });
    say(res, { kind: 'warn', text });
    res.redirect(303, `/tickets/${from.number}`);
  }

  return router;
}
