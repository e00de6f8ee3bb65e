// People on a ticket: an unknown sender joins only when an agent says so (M7, AC-17).
import type { Agent } from '../agents';
import type { App } from '../app';
import { record } from '../events';
import { NotFound } from '../lib/errors';
import { addSystemLine } from './add-message';
import { signalTicket } from './live';
import { findParticipants, updateParticipantState, updateSenderState } from './queries';
import type { Ticket } from './ticket';

/** Throws NotFound when nobody with that id is on the ticket. */
export function decideParticipant(
  app: App,
  actor: Agent,
  ticket: Ticket,
  participantId: number,
  accept: boolean,
): void {
  const person = findParticipants(app.db, ticket.id).find(({ id }) => id === participantId);
  if (person?.role !== 'copy') throw NotFound('That person is not on this ticket.');
  const state = accept ? 'accepted' : 'removed';
  if (person.state === state) return;
  updateParticipantState(app.db, state, person.id);
  if (accept && person.customer_id !== null)
    updateSenderState(app.db, 'accepted', ticket.id, person.customer_id);
  record(app, accept ? 'ticket.participant-accepted' : 'ticket.participant-removed', actor, ticket, {
    participant: person.id,
  });
  addSystemLine(app, ticket, accept ? 'tickets.says.accepted' : 'tickets.says.removed', {
    who: actor.name,
    whom: person.name || (person.address ?? ''),
  });
  signalTicket(app, ticket.id);
}
