// Changing a ticket's status, assignee, priority or spam flag: each one event, one line, one signal.

import { findAgentById } from '../agents';
import type { App } from '../app';
import { type Actor, record } from '../events';
import { bringUpToDate, refresh } from './access';
import { addSystemLine } from './add-message';
import { byWhom, type Doer } from './doer';
import { signalTicket } from './live';
import { findOpenTicketsOf, updateAssignee, updatePriority, updateSpam, updateStatus } from './queries';
import { wakeTicket } from './snooze';
import { isOpen, type Priority, type Status, type Ticket } from './ticket';
import { holdLater } from './writing/send-later';

/**
 * Does nothing when the ticket has that status already. `quiet` leaves out the line in the conversation. Returns the status that
 * the ticket had.
 */
export function moveTicket(
  app: App,
  actor: Actor,
  ticket: Ticket,
  status: Status,
  options: { quiet?: boolean } = {},
): Status {
  // What a customer's mail does is never refused, wherever it arrives.
  if (actor.kind === 'agent') bringUpToDate(app, ticket);
  else refresh(app, ticket);
  if (ticket.status === status) return status;
  const now = app.clock.now();
  const solvedAt = status === 'solved' ? now : status === 'closed' ? ticket.solved_at : null;
  const from = ticket.status;
  const closedAt = status === 'closed' ? now : null;
  updateStatus(app.db, status, solvedAt, closedAt, ticket.id);
  Object.assign(ticket, {
    status,
    solved_at: solvedAt,
    closed_at: closedAt,
    changed_sequence: ticket.changed_sequence + 1,
  });
  if (!isOpen(status)) wakeTicket(app, actor, ticket, 'done');
  record(app, 'ticket.moved', actor, ticket, { from, to: status });
  if (!options.quiet)
    addSystemLine(app, ticket, `tickets.says.status.${status.replace(' ', '-')}`, byWhom(actor));
  signalTicket(app, ticket.id);
  return from;
}

export type AssignOutcome = { assigned: true } | { assigned: false; heldBy: number | null };

/**
 * Atomic (W3): works only while the ticket is assigned as the asker saw it; else says who has it now.
 * `assignee` null gives it back to everybody.
 */
export function assignTicket(
  app: App,
  actor: Doer,
  ticket: Ticket,
  assignee: { id: number; name: string } | null,
  seenAssigneeId: number | null,
): AssignOutcome {
  bringUpToDate(app, ticket);
  const to = assignee?.id ?? null;
  if (ticket.assignee_id === to) return { assigned: true };
  if (updateAssignee(app.db, to, ticket.id, seenAssigneeId) === 0)
    return { assigned: false, heldBy: ticket.assignee_id };
  const before = { team_id: ticket.team_id, assignee_id: ticket.assignee_id };
  ticket.assignee_id = to;
  record(app, 'ticket.assigned', actor, ticket, { to });
  const key = to === null ? 'unassigned' : to === actor.id ? 'taken' : 'assigned';
  addSystemLine(app, ticket, `tickets.says.${key}`, { ...byWhom(actor), whom: assignee?.name ?? '' });
  signalTicket(app, ticket.id, before);
  return { assigned: true };
}

export function prioritiseTicket(app: App, actor: Doer, ticket: Ticket, priority: Priority): void {
  bringUpToDate(app, ticket);
  if (ticket.priority === priority) return;
  updatePriority(app.db, priority, ticket.id);
  record(app, 'ticket.prioritised', actor, ticket, { from: ticket.priority, to: priority });
  addSystemLine(app, ticket, `tickets.says.priority.${priority}`, byWhom(actor));
  signalTicket(app, ticket.id);
}

export function markSpam(app: App, actor: Doer, ticket: Ticket, isSpam: boolean): void {
  bringUpToDate(app, ticket);
  if (Boolean(ticket.is_spam) === isSpam) return;
  updateSpam(app.db, isSpam ? 1 : 0, ticket.id);
  if (isSpam) {
    wakeTicket(app, actor, ticket, 'done');
    holdLater(app, ticket, 'out-of-sight');
  }
  record(app, isSpam ? 'ticket.marked-spam' : 'ticket.marked-wanted', actor, ticket);
  addSystemLine(app, ticket, isSpam ? 'tickets.says.spam' : 'tickets.says.notSpam', byWhom(actor));
  signalTicket(app, ticket.id);
}

/** Somebody left the firm: their open tickets are everybody's again. */
export function giveTicketsBack(app: App, actor: Actor, agentId: number): void {
  for (const ticket of findOpenTicketsOf(app.db, agentId)) {
    updateAssignee(app.db, null, ticket.id, agentId);
    record(app, 'ticket.assigned', actor, ticket, { to: null });
    addSystemLine(app, ticket, 'tickets.says.unassigned', { ...byWhom(actor), whom: '' });
    signalTicket(app, ticket.id);
  }
}

/** A ticket that comes back out of the trash or out of a merge does not stay with somebody who has left meanwhile. */
export function giveBackIfLeft(app: App, actor: Actor, ticket: Ticket): void {
  const { assignee_id: agentId } = ticket;
  if (agentId === null || findAgentById(app.db, agentId)?.state === 'active') return;
  updateAssignee(app.db, null, ticket.id, agentId);
  ticket.assignee_id = null;
  record(app, 'ticket.assigned', actor, ticket, { to: null });
  addSystemLine(app, ticket, 'tickets.says.unassigned', { ...byWhom(actor), whom: '' });
}
