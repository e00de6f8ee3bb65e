// Makes notices of what happened: a follower of the event log, so that none is missed and none is made twice, whatever breaks.
import { agentOf, findAgentById, findMembers } from '../agents';
import type { App } from '../app';
import type { EventRow, Follower } from '../events';
import { DAY } from '../lib/clock';
import { factsOf, findFollowers, findMessage, findTicketById, seenTicket, type Ticket } from '../tickets';
import { wants } from './choices';
import { NOTICE_DAYS, type NoticeKind } from './notice';
import { insertNotice, updateOvertaken } from './queries';

interface Told {
  kind: NoticeKind;
  to: (number | null | undefined)[];
  message?: number;
}

interface Facts {
  to?: number | null;
  team?: number;
  message?: number;
  by?: number | null;
  why?: string;
  because?: string;
}

export const noticesFollower: Follower = {
  name: 'notices',
  batch: 100,
  read(app, events) {
    const oldest = app.clock.now() - NOTICE_DAYS * DAY;
    for (const event of events) {
      const read = READINGS[event.name];
      const ticket = read && event.at > oldest ? findTicketById(app.db, event.subject_id) : undefined;
      const told = ticket && read?.(app, ticket, JSON.parse(event.facts) as Facts);
      if (ticket && told) tell(app, event, ticket, told);
    }
  },
};

type Reading = (app: App, ticket: Ticket, facts: Facts) => Told | undefined;

/** Automatic mail is no answer (M9). */
const answered: Reading = (app, ticket, { message: id }) => {
  const message = id === undefined ? undefined : findMessage(app.db, id);
  if (!message || message.is_automatic) return undefined;
  const to = [ticket.assignee_id, ...findFollowers(app.db, ticket.id)];
  return { kind: 'answered', to, message: message.id };
};

/** A team that is removed hands on all it has: nobody is told of each. */
const cameToTeam = (app: App, team: number | null | undefined, because?: string): Told | undefined =>
  typeof team === 'number' && because !== 'team-removed'
    ? { kind: 'team', to: findMembers(app.db, team).map(({ id }) => id) }
    : undefined;

const READINGS: Record<string, Reading> = {
  'ticket.assigned': (_app, _ticket, { to }) => ({ kind: 'assigned', to: [to] }),
  'ticket.customer-wrote': answered,
  'ticket.third-person-wrote': answered,
  'ticket.noted': (app, _ticket, { message: id }) => {
    const message = id === undefined ? undefined : findMessage(app.db, id);
    const { mentions } = message ? factsOf(message) : {};
    return mentions && { kind: 'mentioned', to: mentions.map((one) => one.id), message: id };
  },
  'ticket.opened': (app, _ticket, { team }) => cameToTeam(app, team),
  'ticket.team-changed': (app, _ticket, { to, because }) => cameToTeam(app, to, because),
  'ticket.woken': (_app, ticket, { why, by }) =>
    why === 'due' ? { kind: 'woken', to: [by, ticket.assignee_id] } : undefined,
};

/** Whoever did it knows; whoever may not see the ticket now is not told that it is there (AC-47). */
function tell(app: App, event: EventRow, ticket: Ticket, { kind, to, message }: Told): void {
  if (ticket.is_spam) return;
  const doneBy = event.actor_kind === 'agent' ? event.actor_id : null;
  for (const id of new Set(to)) {
    if (typeof id !== 'number' || id === doneBy) continue;
    const agent = findAgentById(app.db, id);
    if (agent?.state !== 'active' || !wants(app.db, id, kind) || !seenTicket(app, agentOf(agent), ticket.id))
      continue;
    updateOvertaken(app.db, id, ticket.id);
    const notice = insertNotice(app.db, id, ticket.id, event.id, kind, doneBy, message ?? null, event.at);
    signalNotices(app, id, notice);
  }
}

/** After the commit: pages of this agent look at what they were told. `notice` is one that is new. */
export function signalNotices(app: App, agentId: number, notice?: number): void {
  const data = notice === undefined ? {} : { notice };
  app.db.afterCommit(() => app.hub.signal(`agent:${agentId}`, 'notices:changed', data));
}
