// What a rule does to a ticket, by the same commands that agents use; and what of it can no longer be done.
import { findAgentById, findTeamById } from '../../agents';
import type { App } from '../../app';
import { findMailboxById } from '../../mail';
import { mayRole } from '../../roles';
import { numberFor } from '../access';
import { assignTicket, markSpam, moveTicket, prioritiseTicket } from '../change';
import type { RuleActor } from '../doer';
import { giveToTeam } from '../give-team';
import { addTag } from '../tags';
import type { Ticket } from '../ticket';
import type { Asked, RuleDeeds } from './rule';

export interface Occasion {
  /** What arrived opened the ticket. */
  isNew: boolean;
  /** By a machine (M9). */
  isAutomatic: boolean;
}

/**
 * Team and assignee are given where there is none: what people decided stays, and so does who may see a ticket that is linked to
 * another one (AC-47). Automatic mail is nobody's work (M9). A chat waits for whoever is there (T2), so a rule neither gives it to
 * somebody nor ends it. And a conversation that agents have is not hidden as spam by one mail in it.
 */
export function doRuleDeeds(
  app: App,
  actor: RuleActor,
  ticket: Ticket,
  deeds: RuleDeeds,
  { isNew, isAutomatic }: Occasion,
): void {
  const hadTeam = ticket.team_id !== null;
  if (deeds.tag) addTag(app, actor, ticket, deeds.tag);
  if (deeds.priority) prioritiseTicket(app, actor, ticket, deeds.priority);
  const team = teamOf(app, deeds);
  if (team && ticket.team_id === null) giveToTeam(app, actor, ticket, team, null);
  if (ticket.channel === 'chat') return;
  const assignee = assigneeOf(app, deeds);
  // Who has a ticket sees it: of what was a team's before, nobody is given what they did not see.
  const maySee = assignee && (!hadTeam || numberFor(app, assignee, ticket.id) !== undefined);
  if (maySee && ticket.assignee_id === null && !isAutomatic) assignTicket(app, actor, ticket, assignee, null);
  if (deeds.status) moveTicket(app, actor, ticket, deeds.status);
  if (deeds.spam && isNew) markSpam(app, actor, ticket, true);
}

function teamOf(app: App, { team: id }: RuleDeeds) {
  const team = id === undefined ? undefined : findTeamById(app.db, id);
  return team?.deleted_at === null ? team : undefined;
}

/** Whoever is away is given nothing, as customers' answers take from them what they have. */
function assigneeOf(app: App, { assignee: id }: RuleDeeds) {
  const agent = id === undefined ? undefined : findAgentById(app.db, id);
  const answers = agent?.state === 'active' && mayRole(agent.role, 'tickets.reply');
  return answers && agent.away_since === null ? agent : undefined;
}

/** Why a part of a rule does nothing. `name` is what it names, where that is known still. */
export interface Broken {
  what: 'assignee-gone' | 'assignee-away' | 'team-gone' | 'mailbox-gone' | 'erased';
  name: string;
}

export function brokenParts(app: App, asked: Asked, deeds: RuleDeeds): Broken[] {
  const broken: Broken[] = [];
  for (const { field, values } of asked.conditions) {
    if (field !== 'files' && values.length === 0) broken.push({ what: 'erased', name: '' });
    if (field !== 'mailbox') continue;
    for (const value of values) {
      const mailbox = findMailboxById(app.db, Number(value));
      if (!mailbox || mailbox.deleted_at !== null)
        broken.push({ what: 'mailbox-gone', name: mailbox?.address ?? '' });
    }
  }
  if (deeds.team !== undefined && !teamOf(app, deeds))
    broken.push({ what: 'team-gone', name: findTeamById(app.db, deeds.team)?.name ?? '' });
  if (deeds.assignee !== undefined && !assigneeOf(app, deeds)) {
    const agent = findAgentById(app.db, deeds.assignee);
    const isAway = agent?.state === 'active' && mayRole(agent.role, 'tickets.reply');
    broken.push({ what: isAway ? 'assignee-away' : 'assignee-gone', name: agent?.name ?? '' });
  }
  return broken;
}
