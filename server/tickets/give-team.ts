// A ticket goes to a team, or back to everybody; who has it and who follows it go on seeing it.
import type { TeamRow } from '../agents';
import type { App } from '../app';
import { type Actor, record } from '../events';
import { bringUpToDate } from './access';
import { addSystemLine } from './add-message';
import { byWhom } from './doer';
import { signalTicket } from './live';
import { updateTeam } from './queries';
import { isOpen, type Ticket } from './ticket';

export type TeamOutcome = { given: true } | { given: false; heldBy: number | null };

/**
 * Atomic as taking is (W3): works only while the ticket is where the asker saw it; else says which team has it now.
 * `team` null gives it to everybody. What is done for good is moved without a line.
 */
export function giveToTeam(
  app: App,
  actor: Actor,
  ticket: Ticket,
  team: Pick<TeamRow, 'id' | 'name'> | null,
  seenTeamId: number | null,
): TeamOutcome {
  bringUpToDate(app, ticket);
  const to = team?.id ?? null;
  const from = ticket.team_id;
  if (from === to) return { given: true };
  if (updateTeam(app.db, to, ticket.id, seenTeamId) === 0) return { given: false, heldBy: from };
  const { assignee_id } = ticket;
  ticket.team_id = to;
  record(app, 'ticket.team-changed', actor, ticket, { from, to });
  if (isOpen(ticket.status)) {
    const key = team ? 'tickets.says.team' : 'tickets.says.everybody';
    addSystemLine(app, ticket, key, { ...byWhom(actor), team: team?.name ?? '' });
  }
  signalTicket(app, ticket.id, { team_id: from, assignee_id });
  return { given: true };
}
