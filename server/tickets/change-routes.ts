// What a browser can change about a ticket: each a small form of its own.
import type { Request, Response } from 'express';
import { findAgentById, findTeamById } from '../agents';
import type { App } from '../app';
import { Invalid } from '../lib/errors';
import { can, mayRole } from '../roles';
import { createRouter, type Form, page, readForm, say } from '../web';
import { bringUpToDate, numberFor, ticketFor } from './access';
import { assignTicket, markSpam, moveTicket, prioritiseTicket } from './change';
import { isUnfilled, neededWords } from './fields/values';
import { acceptForm, assignForm, priorityForm, spamForm, statusForm, tagForm, teamForm } from './forms';
import { giveToTeam } from './give-team';
import { decideParticipant } from './participants';
import { ticketPage } from './present-ticket';
import { agentOfRequest, viewOf } from './request';
import { addTag, removeTag } from './tags';
import type { Ticket } from './ticket';

export function changeRoutes(app: App) {
  const router = createRouter();

  router.post('/tickets/:number/status', can('tickets.change'), async (req, res) => {
    const ticket = ticketFor(app, agentOfRequest(req), req.params['number']);
    const { status } = valuesOf(readForm(statusForm, req));
    const { t } = req.context.reader;
    const from = await app.write(() => {
      bringUpToDate(app, ticket);
      if (isUnfilled(app, ticket, status)) return undefined;
      return moveTicket(app, agentOfRequest(req), ticket, status);
    });
    if (from === undefined) return unfilled(req, res, ticket);
    if (from !== status) {
      const { number } = ticket;
      const name = t(`tickets.status.${status.replace(' ', '-')}`);
      const undo = { action: `/tickets/${number}/status`, fields: { status: from } };
      say(res, { kind: 'good', text: t('tickets.moved', { number: String(number), status: name }), undo });
    }
    res.redirect(303, `/tickets/${ticket.number}`);
  });

  router.post('/tickets/:number/assignee', can('tickets.change'), async (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = ticketFor(app, actor, req.params['number']);
    const { assignee: id, seen } = valuesOf(readForm(assignForm, req));
    const outcome = await app.write(() =>
      assignTicket(
        app,
        actor,
        ticket,
        id === '' ? null : agentWhoAnswers(app, id),
        seen === '' ? null : seen,
      ),
    );
    if (outcome.assigned) return res.redirect(303, `/tickets/${ticket.number}`);
    const { reader } = req.context;
    const who = outcome.heldBy === null ? '' : (findAgentById(app.db, outcome.heldBy)?.name ?? '');
    const flash = {
      kind: 'warn' as const,
      text: reader.t(who ? 'tickets.assign.taken' : 'tickets.assign.free', { who }),
    };
    const model = ticketPage(app, actor, reader, ticket, { view: viewOf(req) }, { mode: 'reply', flash });
    page(res, 'tickets/show', model, 409);
  });

  router.post('/tickets/:number/team', can('tickets.change'), async (req, res) => {
    const actor = agentOfRequest(req);
    const ticket = ticketFor(app, actor, req.params['number']);
    const { team: id, seen } = valuesOf(readForm(teamForm, req));
    const team = id === '' ? null : findTeamById(app.db, id);
    if (team === undefined || (team && team.deleted_at !== null))
      throw Invalid('There is no team with this number.');
    const outcome = await app.write(() => giveToTeam(app, actor, ticket, team, seen === '' ? null : seen));
    const { reader } = req.context;
    const { number } = ticket;
    if (!outcome.given) {
      const who = outcome.heldBy === null ? '' : (findTeamById(app.db, outcome.heldBy)?.name ?? '');
      const flash = {
        kind: 'warn' as const,
        text: reader.t(who ? 'tickets.team.taken' : 'tickets.team.free', { who }),
      };
      const model = ticketPage(app, actor, reader, ticket, { view: viewOf(req) }, { mode: 'reply', flash });
      return page(res, 'tickets/show', model, 409);
    }
    // Whoever gives it away may not see it there.
    if (numberFor(app, actor, ticket.id) !== undefined) return res.redirect(303, `/tickets/${number}`);
    say(res, {
      kind: 'good',
      text: reader.t('tickets.team.away', { number: String(number), team: team?.name ?? '' }),
    });
    res.redirect(303, '/tickets');
  });

  router.post('/tickets/:number/priority', can('tickets.change'), async (req, res) => {
    const ticket = ticketFor(app, agentOfRequest(req), req.params['number']);
    const { priority } = valuesOf(readForm(priorityForm, req));
    await app.write(() => prioritiseTicket(app, agentOfRequest(req), ticket, priority));
    res.redirect(303, `/tickets/${ticket.number}`);
  });

  router.post('/tickets/:number/spam', can('tickets.change'), async (req, res) => {
    const ticket = ticketFor(app, agentOfRequest(req), req.params['number']);
    const { spam } = valuesOf(readForm(spamForm, req));
    const { number } = ticket;
    await app.write(() => markSpam(app, agentOfRequest(req), ticket, spam === '1'));
    say(res, {
      kind: 'good',
      text: req.context.reader.t(spam === '1' ? 'tickets.spam.marked' : 'tickets.spam.unmarked', {
        number: String(number),
      }),
      undo: { action: `/tickets/${number}/spam`, fields: { spam: spam === '1' ? '0' : '1' } },
    });
    res.redirect(303, `/tickets/${ticket.number}`);
  });

  router.post('/tickets/:number/tags', can('tickets.change'), async (req, res) => {
    const ticket = ticketFor(app, agentOfRequest(req), req.params['number']);
    const { tag } = valuesOf(readForm(tagForm, req));
    await app.write(() => addTag(app, agentOfRequest(req), ticket, tag));
    res.redirect(303, `/tickets/${ticket.number}`);
  });

  router.post('/tickets/:number/tags/remove', can('tickets.change'), async (req, res) => {
    const ticket = ticketFor(app, agentOfRequest(req), req.params['number']);
    const { tag } = valuesOf(readForm(tagForm, req));
    await app.write(() => removeTag(app, agentOfRequest(req), ticket, tag));
    res.redirect(303, `/tickets/${ticket.number}`);
  });

  router.post('/tickets/:number/participants', can('tickets.change'), async (req, res) => {
    const ticket = ticketFor(app, agentOfRequest(req), req.params['number']);
    const { participant, accept } = valuesOf(readForm(acceptForm, req));
    await app.write(() => decideParticipant(app, agentOfRequest(req), ticket, participant, accept === '1'));
    if (accept === '0')
      say(res, {
        kind: 'good',
        text: req.context.reader.t('tickets.copies.leftOut'),
        undo: {
          action: `/tickets/${ticket.number}/participants`,
          fields: { participant: String(participant), accept: '1' },
        },
      });
    res.redirect(303, `/tickets/${ticket.number}`);
  });

  /** It may be solved when they are filled in; nothing was changed. */
  function unfilled(req: Request, res: Response, ticket: Ticket): void {
    const { reader } = req.context;
    const flash = { kind: 'warn' as const, text: neededWords(app, reader.t, ticket) };
    const asked = { view: viewOf(req) };
    const model = ticketPage(app, agentOfRequest(req), reader, ticket, asked, { mode: 'reply', flash });
    page(res, 'tickets/show', model, 409);
  }

  return router;
}

/** These forms are choices made by a page, so a wrong value is not a slip to be shown beside a field. */
function valuesOf<Value>(form: Form<Value>): Value {
  if (!form.ok) throw Invalid(`That change could not be read: ${Object.keys(form.errors).join(', ')}.`);
  return form.value;
}

/** Asked inside the write: somebody may be leaving the firm just now. Throws Invalid. */
function agentWhoAnswers(app: App, id: number): { id: number; name: string } {
  const agent = findAgentById(app.db, id);
  if (agent?.state !== 'active' || !mayRole(agent.role, 'tickets.reply'))
    throw Invalid('Nobody with this number can be given tickets.');
  return agent;
}
