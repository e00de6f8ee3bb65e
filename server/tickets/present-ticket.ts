// A ticket's page: the conversation, the composer, what can be changed, and who the customer is.
import { type Agent, findActiveAgents, findTeamById, findTeams } from '../agents';
import type { App } from '../app';
import { type CustomerRow, findAddresses, findCustomerById } from '../customers';
import { type Db, query, untilCommit } from '../db';
import { blockOf, findAliasById, findMailboxById } from '../mail';
import { mayRole } from '../roles';
import { type Reader, typedIn } from '../web';
import { numberFor, type Scope, scopeOf, VISIBLE } from './access';
import { conversationOf } from './conversation';
import { ownFields } from './fields/present';
import { valuesOf } from './fields/values';
import { movesOf } from './filing/moves';
import { findFollowing } from './follow-ticket';
import { mergedInto, tookIn } from './merging/present';
import { organizationLink } from './organizations/present';
import type { CustomerPanel, TicketPage } from './page-models';
import { personOf, snoozedText } from './present-list';
import { findWaitingReply, type ParticipantRow } from './queries';
import { SNOOZES } from './snooze-times';
import { findAllTags } from './tags';
import { isOpen, type Status, type Ticket } from './ticket';
import { type Asked, composer, type Returned } from './writing/present-composer';

/** Longer ones are cut in the head of the page, so they stand in the side panel too. */
const LONG_SUBJECT = 100;

const activeAgents = untilCommit((db) => findActiveAgents(db));
const activeTeams = untilCommit((db) => findTeams(db));
const knownTags = untilCommit((db: Db, limit: number) => findAllTags(db, limit).map((tag) => tag.name));
const mailboxOf = untilCommit((db: Db, id: number) => findMailboxById(db, id));
const aliasOf = untilCommit((db: Db, id: number) => findAliasById(db, id));

export function ticketPage(
  app: App,
  agent: Agent,
  reader: Reader,
  ticket: Ticket,
  asked: Asked,
  returned?: Returned,
): TicketPage {
  const { t } = reader;
  const conversation = conversationOf(app, agent, reader, ticket, asked.before);
  const { first, participants } = conversation;
  const mayChange = mayRole(agent.role, 'tickets.change');
  const base = `/tickets/${ticket.number}`;
  const mailbox = ticket.mailbox_id === null ? undefined : mailboxOf(app.db, ticket.mailbox_id);
  const alias = ticket.alias_id === null ? undefined : aliasOf(app.db, ticket.alias_id);
  const agents = activeAgents(app.db).filter((other) => mayRole(other.role, 'tickets.reply'));
  const assignee = agents.find(({ id }) => id === ticket.assignee_id);
  const followers = findFollowing(app.db, ticket.id);
  return {
    title: `${ticket.subject || t('tickets.noSubject')} #${ticket.number}`,
    current: 'inbox',
    flash: returned?.flash,
    t,
    number: ticket.number,
    subject: ticket.subject || t('tickets.noSubject'),
    hasLongSubject: ticket.subject.length > LONG_SUBJECT,
    sequence: ticket.sequence,
    changedSequence: ticket.changed_sequence,
    listSrc: `/tickets/list?view=${asked.view}`,
    back: `/tickets?view=${asked.view}`,
    status: { value: ticket.status, text: t(`tickets.status.${ticket.status.replace(' ', '-')}`) },
    channel: t(`tickets.by.${ticket.channel}`, { address: alias?.address ?? mailbox?.address ?? '' }),
    isSpam: ticket.is_spam === 1,
    tags: conversation.tags,
    linked: linkedTicket(app, agent, ticket, reader),
    moves: moveLinks(app, agent, ticket, reader),
    block: mayRole(agent.role, 'tickets.block') ? blockModel(app, ticket, participants) : undefined,
    merged: mergedInto(app, agent, reader, ticket),
    tookIn: tookIn(app, agent, reader, ticket),
    chat: ticket.channel === 'chat' ? app.hooks.chatLine(app, agent, ticket, reader) : undefined,
    undelivered: ticket.undelivered,
    messages: conversation.messages,
    earlier:
      first > 1
        ? { href: `${base}?before=${first}`, text: t('tickets.earlier', { n: first - 1 }) }
        : undefined,
    newest: asked.before === undefined ? undefined : base,
    composer: composer(app, agent, reader, ticket, participants, asked, returned),
    draft: mayRole(agent.role, 'tickets.note') ? `${base}/draft` : undefined,
    undo: conversation.isWaiting ? undo(app, agent, reader, ticket) : undefined,
    change:
      mayChange && ticket.merged_into_id === null
        ? {
            team: `${base}/team`,
            assign: `${base}/assignee`,
            status: `${base}/status`,
            priority: `${base}/priority`,
            addTag: `${base}/tags`,
            removeTag: `${base}/tags/remove`,
            spam: `${base}/spam`,
            follow: `${base}/follow`,
            merge: `/merge?tickets=${ticket.number}`,
            forward: `${base}/forward`,
            trash: `${base}/trash?view=${asked.view}`,
          }
        : undefined,
    assignee: { value: String(ticket.assignee_id ?? ''), person: assignee && personOf(assignee.name) },
    agents: agents
      .toSorted((a, b) => Number(b.id === agent.id) - Number(a.id === agent.id))
      .map(({ id, name, away_since: away }) => ({
        value: String(id),
        text: away === null ? name : t('tickets.away', { name }),
      })),
    team: teamChoice(app, t, ticket),
    me: String(agent.id),
    priority: ticket.priority,
    knownTags: mayChange ? knownTags(app.db, 100) : [],
    snooze: snoozeModel(reader, ticket, mayChange, returned?.snooze),
    fields: ownFields(
      app,
      reader,
      'ticket',
      valuesOf(app, 'ticket', ticket.id),
      mayChange && ticket.merged_into_id === null ? `${base}/fields` : undefined,
      returned?.fields,
    ),
    followers: {
      people: followers.map(({ name }) => personOf(name)),
      isFollowing: followers.some(({ id }) => id === agent.id),
    },
    customer: customerPanel(app, agent, reader, ticket, participants),
  };
}

function snoozeModel(
  { t, format, zone }: Reader,
  ticket: Ticket,
  mayChange: boolean,
  returned: Returned['snooze'],
): TicketPage['snooze'] {
  const base = `/tickets/${ticket.number}`;
  if (ticket.snoozed_at !== null)
    return {
      words: snoozedText(ticket, t, format),
      zone,
      wake: mayChange ? `${base}/wake` : undefined,
    };
  if (!mayChange || !isOpen(ticket.status) || ticket.is_spam) return undefined;
  return {
    action: `${base}/snooze`,
    choices: SNOOZES.map((value) => ({ value, text: t(`tickets.snooze.${value}`) })),
    value: returned ? typedIn(returned.values, 'for') : 'tomorrow',
    at: returned ? typedIn(returned.values, 'at') : '',
    zone,
    error: returned && t(returned.error),
  };
}

/** A team that is being removed still has the ticket until it is moved. */
function teamChoice(app: App, t: Reader['t'], { team_id: id }: Ticket): TicketPage['team'] {
  const teams = activeTeams(app.db);
  if (teams.length === 0 && id === null) return undefined;
  const leaving = id !== null && !teams.some((team) => team.id === id) ? findTeamById(app.db, id) : undefined;
  return {
    value: String(id ?? ''),
    choices: [
      { value: '', text: t('tickets.team.none') },
      ...[...teams, ...(leaving ? [leaving] : [])].map((team) => ({
        value: String(team.id),
        text: team.name,
      })),
    ],
  };
}

/** Of a ticket that the reader may not see not even the number is told (AC-47). */
function linkedTicket(app: App, agent: Agent, ticket: Ticket, { t }: Reader): TicketPage['linked'] {
  const { linked_ticket_id: id } = ticket;
  const number = id === null ? undefined : numberFor(app, agent, id);
  return number === undefined
    ? undefined
    : { href: `/tickets/${number}`, text: t('tickets.linked', { number: String(number) }) };
}

function moveLinks(app: App, agent: Agent, ticket: Ticket, { t }: Reader): TicketPage['moves'] {
  const { from, to } = movesOf(app, agent, ticket);
  const link = (key: string) => (number: number) => ({
    href: `/tickets/${number}`,
    text: t(key, { number: String(number) }),
  });
  return [...from.map(link('tickets.moves.from')), ...to.map(link('tickets.moves.to'))];
}

function blockModel(app: App, ticket: Ticket, participants: ParticipantRow[]): TicketPage['block'] {
  const person = participants.find(({ role, address }) => role === 'requester' && address !== null);
  if (!person?.address) return undefined;
  const blocked = blockOf(app, person.address);
  return {
    action: `/tickets/${ticket.number}/block`,
    participant: person.id,
    address: person.address,
    isBlocked: blocked !== undefined,
    by: blocked?.kind === 'domain' ? blocked.value : undefined,
  };
}

function undo(app: App, agent: Agent, { t, format }: Reader, ticket: Ticket): TicketPage['undo'] {
  const waiting = findWaitingReply(app.db, ticket.id, agent.id, app.clock.now());
  return (
    waiting && {
      action: `/tickets/${ticket.number}/messages/${waiting.id}/undo`,
      until: format.time(waiting.send_after as number),
      words: t(waiting.kind === 'note' ? 'tickets.undo.forward' : 'tickets.undo.words'),
    }
  );
}

const findEarlier = query<
  [customerId: number, id: number, ...scope: Scope],
  { number: number; subject: string; status: Status }[]
>(`
  SELECT number, subject, status FROM tickets
   WHERE customer_id = ? AND id <> ? AND deleted_at IS NULL AND ${VISIBLE} ORDER BY id DESC LIMIT 5`);

function customerPanel(
  app: App,
  agent: Agent,
  reader: Reader,
  ticket: Ticket,
  participants: ParticipantRow[],
): CustomerPanel {
  const { t, format } = reader;
  const customer = findCustomerById(app.db, ticket.customer_id) as CustomerRow;
  const keptUntil = app.hooks.keptUntil(app, ticket);
  return {
    person: personOf(customer.name),
    href: `/customers/${customer.public_id}`,
    organization: organizationLink(app, customer),
    addresses: findAddresses(app.db, customer.id).map((row) => ({
      address: row.address,
      verified: row.verified_at !== null,
      failing: row.failing_since !== null,
    })),
    language: customer.language ? t(`shell.language.${customer.language}`) : undefined,
    zone: customer.time_zone ?? undefined,
    copies: participants
      .filter((person) => person.role === 'copy' && person.state !== 'removed')
      .map((person) => ({
        name: person.name,
        address: person.address ?? '',
        state: person.state as 'accepted' | 'unverified' | 'suggested',
        decide: mayRole(agent.role, 'tickets.change')
          ? {
              action: `/tickets/${ticket.number}/participants`,
              participant: person.id,
              accept: person.state === 'accepted' ? ('0' as const) : ('1' as const),
            }
          : undefined,
      })),
    earlier: findEarlier(app.db, customer.id, ticket.id, ...scopeOf(agent)).map((other) => ({
      number: other.number,
      subject: other.subject || t('tickets.noSubject'),
      status: t(`tickets.status.${other.status.replace(' ', '-')}`),
      isDone: !isOpen(other.status),
    })),
    keptUntil: keptUntil === undefined ? undefined : format.day(keptUntil),
    privacy: mayRole(agent.role, 'privacy.export') ? `/customers/${customer.public_id}#privacy` : undefined,
  };
}
