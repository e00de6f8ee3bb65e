// What can be done to many tickets at once, and how it is taken back: by the same commands as for one.
import { z } from 'zod';
import { type Agent, findAgentById, findTeamById } from '../../agents';
import type { App } from '../../app';
import { mayRole } from '../../roles';
import { assignTicket, markSpam, moveTicket, prioritiseTicket } from '../change';
import { isUnfilled } from '../fields/values';
import { giveToTeam } from '../give-team';
import { addTag, removeTag } from '../tags';
import { PRIORITIES, STATUSES, type Ticket } from '../ticket';
import { isRunningChat, restoreTicket, trashTicket } from '../trash/trash';

const id = z.number().int().positive().nullable();
const change = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('status'), to: z.enum(STATUSES) }),
  z.strictObject({ kind: z.literal('assignee'), to: id }),
  z.strictObject({ kind: z.literal('team'), to: id }),
  z.strictObject({ kind: z.literal('priority'), to: z.enum(PRIORITIES) }),
  z.strictObject({ kind: z.literal('tag'), to: z.string() }),
  z.strictObject({ kind: z.literal('untag'), to: z.string() }),
  z.strictObject({ kind: z.literal('spam'), to: z.boolean() }),
  z.strictObject({ kind: z.literal('trash'), to: z.boolean() }),
]);
export type Change = z.infer<typeof change>;
export const readChange = (text: string): Change => change.parse(JSON.parse(text));

/** What a ticket is, as far as a change is about it. */
export type Seen = string | number | boolean | null;

export function seenOf(ticket: Ticket, { kind }: Change): Seen {
  switch (kind) {
    case 'status':
      return ticket.status;
    case 'assignee':
      return ticket.assignee_id;
    case 'team':
      return ticket.team_id;
    case 'priority':
      return ticket.priority;
    case 'spam':
      return ticket.is_spam === 1;
    case 'trash':
      return ticket.deleted_at !== null;
    // A tag is there or not; its outcome says which.
    case 'tag':
    case 'untag':
      return null;
  }
}

export type Outcome = 'changed' | 'same' | 'taken' | 'barred' | 'gone' | 'unfilled';

/** Whom and what a change names is there, and may be given tickets. */
export function isPossible(app: App, { kind, to }: Change): boolean {
  if (to === null) return true;
  if (kind === 'assignee') {
    const agent = findAgentById(app.db, to as number);
    return agent?.state === 'active' && mayRole(agent.role, 'tickets.reply');
  }
  if (kind === 'team') return findTeamById(app.db, to as number)?.deleted_at === null;
  return true;
}

/**
 * Inside a transaction, on a ticket as it stands now. `taken`: somebody gave it to somebody else since this change was asked
 * for (W3). `barred`: a chat that runs is not thrown away. `gone`: the team or agent it names was removed meanwhile, and no team at
 * all would show the ticket to everybody (AC-47). `unfilled`: a field that a solved ticket needs is empty.
 */
export function applyChange(app: App, actor: Agent, ticket: Ticket, asked: Change, seen: Seen): Outcome {
  if (!isPossible(app, asked)) return 'gone';
  const { kind } = asked;
  if (kind === 'tag') return addTag(app, actor, ticket, asked.to) ? 'changed' : 'same';
  if (kind === 'untag') return removeTag(app, actor, ticket, asked.to) ? 'changed' : 'same';
  const now = seenOf(ticket, asked);
  if (now === asked.to) return 'same';
  switch (kind) {
    case 'status':
      if (isUnfilled(app, ticket, asked.to)) return 'unfilled';
      moveTicket(app, actor, ticket, asked.to);
      return 'changed';
    case 'priority':
      prioritiseTicket(app, actor, ticket, asked.to);
      return 'changed';
    case 'spam':
      markSpam(app, actor, ticket, asked.to);
      return 'changed';
    case 'trash':
      if (asked.to && isRunningChat(ticket)) return 'barred';
      if (asked.to) trashTicket(app, actor, ticket);
      else restoreTicket(app, actor, ticket);
      return 'changed';
    case 'assignee': {
      if (now !== seen) return 'taken';
      const row = asked.to === null ? null : (findAgentById(app.db, asked.to) ?? null);
      return assignTicket(app, actor, ticket, row, ticket.assignee_id).assigned ? 'changed' : 'taken';
    }
    case 'team': {
      if (now !== seen) return 'taken';
      const team = asked.to === null ? null : (findTeamById(app.db, asked.to) ?? null);
      return giveToTeam(app, actor, ticket, team, ticket.team_id).given ? 'changed' : 'taken';
    }
  }
}

/** What puts one ticket back to what it was, unless somebody has changed it since; then there is nothing to take back. */
export function changeBack(ticket: Ticket, done: Change, was: Seen): Change | undefined {
  const { kind } = done;
  if (kind === 'tag') return { kind: 'untag', to: done.to };
  if (kind === 'untag') return { kind: 'tag', to: done.to };
  return seenOf(ticket, done) === done.to ? change.parse({ kind, to: was }) : undefined;
}
