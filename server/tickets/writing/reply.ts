// An agent answers the customer, by mail or, while the visitor is there, in the chat.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { attach, handAttachmentsOn } from '../../attachments';
import { record } from '../../events';
import { SECOND } from '../../lib/clock';
import { keyedHash } from '../../lib/ids';
import { type Address, addressKey, enqueueMail, findMailboxById } from '../../mail';
import { bringUpToDate } from '../access';
import { addMessage } from '../add-message';
import { moveTicket } from '../change';
import { isUnfilled } from '../fields/values';
import { newMark, rememberMark } from '../filing/thread';
import type { NewFiles, ReplyInput } from '../forms';
import { signalTicket } from '../live';
import { deedsToDo, doDeeds, hasDeeds } from '../macros/deeds';
import { findMessageByClientId, findOthersMessagesAfter } from '../queries';
import { factsOf, type MessageFacts, type MessageRow, type Status, type Ticket } from '../ticket';
import { composeReply, mailboxFor, onlyReadMailbox } from './compose-reply';
import { type DraftKind, type DraftPage, endDraft, findDraft } from './drafts';
import { joinRecipients } from './join-recipients';
import { nameColleagues } from './mentions';
import { asKnown, type Recipients, recipientsOf } from './recipients';
import { holdLater } from './send-later';
import { addressesIn, chosenIn, recipientsTyped, type Typed } from './typed-recipients';

export type ReplyOutcome =
  | { held: false; message: MessageRow; takenBy?: number | null }
  | {
      held: true;
      because: 'unseen' | 'closed' | 'no-address' | 'only-read' | 'unfilled';
      unseen: MessageRow[];
    };

/**
 * Stores the reply and queues its mail in one transaction (O1); the mail waits the mailbox's undo time before it may leave
 * (O4). Held instead when the customer or a colleague wrote something the agent has not seen (W2), and when the ticket was
 * closed, has nobody left to write to, its mailbox is only read, or it is to be solved with a field empty that it needs. With `sendAt`
 * its mail waits until then. It goes to whom the form says, else to those on the ticket. Sending the same words under the same `clientId`
 * again returns the first reply.
 */
export function replyToTicket(
  app: App,
  actor: Agent,
  ticket: Ticket,
  input: ReplyInput,
  files: NewFiles = [],
): ReplyOutcome {
  bringUpToDate(app, ticket);
  const typed = chosenIn(input);
  const { earlier, clientId } = typed
    ? asSent(app, ticket, input, meantTyped(typed), meantFor)
    : asSent(app, ticket, input);
  if (earlier) return { held: false, message: earlier };
  if (ticket.status === 'closed') return { held: true, because: 'closed', unseen: [] };

  const unseen =
    ticket.sequence > input.seenSequence
      ? findOthersMessagesAfter(app.db, ticket.id, input.seenSequence, actor.id)
      : [];
  if (unseen.length > 0 && !input.sendAnyway) return { held: true, because: 'unseen', unseen };

  if (isUnfilled(app, ticket, input.thenStatus)) return { held: true, because: 'unfilled', unseen: [] };
  const route = routeOf(app, ticket, input);
  if (route.by === 'email' && route.to.all.length === 0)
    return { held: true, because: 'no-address', unseen: [] };
  if (route.by === 'email' && onlyReadMailbox(app, ticket))
    return { held: true, because: 'only-read', unseen: [] };
  const { deeds, takenBy } = deedsToDo(app, actor, ticket, input);
  const moved = { from: ticket.status, to: input.thenStatus };
  const facts = {
    ...(hasDeeds(deeds) ? { done: deeds } : {}),
    ...(input.sendAt === undefined || route.by === 'chat' ? {} : { later: input.sendAt }),
  };
  const message = storeReply(
    app,
    actor,
    ticket,
    { words: input.words, clientId, route, moved, facts },
    files,
  );
  moveTicket(app, actor, ticket, input.thenStatus, { quiet: true });
  doDeeds(app, actor, ticket, deeds);
  endDraft(app, actor, ticket, 'reply', input);
  return takenBy === undefined ? { held: false, message } : { held: false, message, takenBy };
}

/**
 * The first words on a ticket that was opened for them in this transaction and has the status already that comes with them.
 * When they are taken back (O4), it is as new.
 */
export function beginWithReply(
  app: App,
  actor: Agent,
  ticket: Ticket,
  given: { clientId: string; words: string; to: Recipients },
  files: NewFiles,
): MessageRow {
  const { clientId, words, to } = given;
  const route: Route = {
    by: 'email',
    to,
    sendAfter: sendAfter(app, ticket),
  };
  const moved = { from: 'new', to: ticket.status } as const;
  return storeReply(app, actor, ticket, { words, clientId, route, moved }, files);
}

interface Words {
  words: string;
  clientId: string;
  route: Route;
  moved: { from: Status; to: Status };
  facts?: MessageFacts;
}

function storeReply(
  app: App,
  actor: Agent,
  ticket: Ticket,
  { words, clientId, route, moved, facts }: Words,
  files: NewFiles,
): MessageRow {
  const mailed = route.by === 'email' ? recipientFacts(app, ticket, route.to) : {};
  const message = addMessage(app, ticket, {
    kind: 'reply',
    author: { kind: 'agent', id: actor.id, name: actor.name },
    channel: route.by,
    words,
    clientId,
    facts: {
      ...mailed,
      ...(moved.from === moved.to ? {} : { moved }),
      ...facts,
    },
    ...(route.by === 'email' ? { state: 'waiting', sendAfter: route.sendAfter } : {}),
  });
  takeFiles(app, actor, ticket, message, 'reply', files);
  holdLater(app, ticket, 'overtaken', actor.id);
  if (route.by === 'email') postReply(app, actor, ticket, message, route.to, route.sendAfter);
  record(app, 'ticket.replied', actor, ticket, { message: message.id, channel: route.by });
  signalTicket(app, ticket.id);
  return message;
}

/**
 * Other words under the same id, or the same to somebody else, come from a second window or from a page that was gone back to: they
 * are a message of their own, and also only once. `meant` and `meantBy` say to whom, where the form does.
 */
export function asSent(
  app: App,
  ticket: Ticket,
  input: { clientId: string; words: string },
  meant = '',
  meantBy: (facts: MessageFacts) => string = () => '',
): { earlier?: MessageRow; clientId: string } {
  const first = findMessageByClientId(app.db, ticket.id, input.clientId);
  if (!first || (first.words === input.words && meantBy(factsOf(first)) === meant))
    return { earlier: first, clientId: input.clientId };
  const clientId = keyedHash(app.key, `other words ${input.clientId} ${input.words} ${meant}`).slice(0, 32);
  return { earlier: findMessageByClientId(app.db, ticket.id, clientId), clientId };
}

const inOrder = (...fields: string[][]) =>
  JSON.stringify(fields.map((addresses) => addresses.map(addressKey).toSorted()));
const meantTyped = ({ to, cc, bcc }: Typed) => inOrder(addressesIn(to), addressesIn(cc), addressesIn(bcc));
const meantFor = ({ to = [], cc = [], bcc = [] }: MessageFacts) => inOrder(to, cc, bcc);

function recipientFacts(app: App, ticket: Ticket, people: Recipients): MessageFacts {
  const addresses = (some: Address[]) => some.map(({ address }) => address);
  const joined = joinRecipients(app, ticket, people);
  return {
    to: addresses(people.to),
    ...(people.cc.length > 0 ? { cc: addresses(people.cc) } : {}),
    ...(people.bcc.length > 0 ? { bcc: addresses(people.bcc) } : {}),
    ...(joined.length > 0 ? { joined } : {}),
  };
}

type Route = { by: 'chat' } | { by: 'email'; to: Recipients; sendAfter: number };

/** While the visitor is in the chat, words go there, unless the page said to whom they go by mail; a chat whose visitor left no address can only wait for the return. */
function routeOf(app: App, ticket: Ticket, input: ReplyInput): Route {
  const typed = chosenIn(input);
  const to = typed ? asKnown(app, ticket, recipientsTyped(app, typed)) : recipientsOf(app, ticket);
  const isThere = () => typed === undefined && app.hooks.visitorIsThere(app, ticket);
  if (ticket.channel === 'chat' && input.sendAt === undefined && (to.all.length === 0 || isThere()))
    return { by: 'chat' };
  return { by: 'email', to, sendAfter: input.sendAt ?? sendAfter(app, ticket) };
}

/** How long the mailbox leaves to take it back (O4). */
export function sendAfter(app: App, ticket: Ticket): number {
  const undoSeconds =
    (ticket.mailbox_id ? findMailboxById(app.db, ticket.mailbox_id)?.undo_seconds : undefined) ?? 10;
  return app.clock.now() + undoSeconds * SECOND;
}

function postReply(
  app: App,
  actor: Agent,
  ticket: Ticket,
  message: MessageRow,
  to: Recipients,
  notBefore: number,
): void {
  const mark = newMark();
  rememberMark(app, ticket, message.id, mark);
  const mail = composeReply(app, actor, ticket, message, to, mark);
  enqueueMail(app, mail, {
    mailboxId: mailboxFor(app, ticket)?.id ?? null,
    kind: 'reply',
    message,
    notBefore,
  });
}

/** Those of the draft, and those that came with the form. */
export function takeFiles(
  app: App,
  actor: Agent,
  ticket: Ticket,
  message: MessageRow,
  kind: DraftKind,
  files: NewFiles,
): void {
  const draft = findDraft(app.db, actor.id, ticket.id, kind);
  if (draft) handAttachmentsOn(app, { kind: 'draft', id: draft.id }, { kind: 'message', id: message.id });
  for (const file of files) attach(app, { kind: 'message', id: message.id }, file);
}

/** A word among colleagues: nobody outside sees it, nothing leaves. Whoever it names and may see the ticket follows it from now on. */
export function noteOnTicket(
  app: App,
  actor: Agent,
  ticket: Ticket,
  input: { clientId: string; words: string } & DraftPage,
  files: NewFiles = [],
): MessageRow {
  bringUpToDate(app, ticket);
  const { earlier, clientId } = asSent(app, ticket, input);
  if (earlier) return earlier;
  const author = { kind: 'agent' as const, id: actor.id, name: actor.name };
  const message = addMessage(app, ticket, {
    kind: 'note',
    author,
    channel: ticket.channel,
    words: input.words,
    clientId,
    facts: nameColleagues(app, actor, ticket, input.words),
  });
  takeFiles(app, actor, ticket, message, 'note', files);
  endDraft(app, actor, ticket, 'note', input);
  record(app, 'ticket.noted', actor, ticket, { message: message.id });
  signalTicket(app, ticket.id);
  return message;
}
