// Somebody outside answered by themselves: the ticket sleeps no more, what was to leave later is held back, and whoever is away does not keep them waiting.
import { findAgentById, findTeamById } from '../agents';
import type { App } from '../app';
import { record, SYSTEM } from '../events';
import { addSystemLine } from './add-message';
import { signalTicket } from './live';
import { updateAssignee } from './queries';
import { wakeTicket } from './snooze';
import type { Ticket } from './ticket';
import { holdLater } from './writing/send-later';

/** Inside a transaction, after the message. Automatic mail is no answer (M9). */
export function followAnswer(app: App, ticket: Ticket): void {
  wakeTicket(app, SYSTEM, ticket, 'answer');
  holdLater(app, ticket, 'overtaken');
  giveBackFromAway(app, ticket);
}

/** A chat that runs stays with whoever talks in it. */
function giveBackFromAway(app: App, ticket: Ticket): void {
  const { assignee_id, team_id } = ticket;
  if (assignee_id === null || ticket.chat_state === 'active') return;
  const assignee = findAgentById(app.db, assignee_id);
  if (!assignee || assignee.away_since === null) return;
  if (updateAssignee(app.db, null, ticket.id, assignee_id) === 0) return;
  ticket.assignee_id = null;
  record(app, 'ticket.assigned', SYSTEM, ticket, { to: null, because: 'away' });
  const team = team_id === null ? undefined : findTeamById(app.db, team_id);
  addSystemLine(app, ticket, team ? 'tickets.says.away.team' : 'tickets.says.away', {
    whom: assignee.name,
    team: team?.name ?? '',
  });
  signalTicket(app, ticket.id, { team_id, assignee_id });
}
