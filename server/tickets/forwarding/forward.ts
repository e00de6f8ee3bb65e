// An agent asks somebody outside: a message or the conversation goes to a third person, and stays a note here.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { attach, findAttachments } from '../../attachments';
import { record } from '../../events';
import { Conflict, Invalid } from '../../lib/errors';
import { addressKey, enqueueMail } from '../../mail';
import { bringUpToDate } from '../access';
import { addMessage } from '../add-message';
import { newMark, rememberMark } from '../filing/thread';
import type { NewFiles } from '../forms';
import { signalTicket } from '../live';
import { findParticipant, updateFacts } from '../queries';
import type { Forwarded, MessageRow, Ticket } from '../ticket';
import { mailboxFor, onlyReadMailbox } from '../writing/compose-reply';
import { endDraft, findDraft } from '../writing/drafts';
import { noteThird } from '../writing/join-recipients';
import type { Recipients } from '../writing/recipients';
import { asSent, sendAfter, takeFiles } from '../writing/reply';
import {
  addressesIn,
  recipientsTyped,
  type Typed,
  type WrongRecipients,
  wrongRecipients,
} from '../writing/typed-recipients';
import { composeForward } from './compose-forward';
import type { ForwardInput } from './form';
import { isCustomer } from './forward-answer';
import { filesOfOriginal, type Original, originalOf, textOf } from './original';

/** What keeps it from being forwarded. The customer is answered, not forwarded to: their answer would be no customer's. */
export function wrongThirds(app: App, ticket: Ticket, to: string): WrongRecipients {
  const customer = addressesIn(to).find((address) =>
    isCustomer(findParticipant(app.db, ticket.id, addressKey(address)), ticket),
  );
  if (customer) return { to: { key: 'tickets.forward.customer', which: customer } };
  return wrongRecipients(app, thirds(to));
}

/** What would go along, in bytes: the chosen files of the original, and those of the draft and the form. */
export function bytesOf(
  app: App,
  actor: Agent,
  ticket: Ticket,
  input: ForwardInput,
  files: NewFiles,
): number {
  const original = originalOf(app, ticket, input.message || undefined);
  const draft = findDraft(app.db, actor.id, ticket.id, 'forward');
  const chosen = new Set([input.file ?? []].flat());
  const sizes = [
    ...(original ? filesOfOriginal(app, original).filter(({ id }) => chosen.has(id)) : []),
    ...(draft ? findAttachments(app.db, 'draft', draft.id) : []),
    ...files.map(({ file }) => file),
  ].map(({ size }) => size);
  return sizes.reduce((sum, size) => sum + size, 0);
}

const thirds = (to: string): Typed => ({ to, cc: '', bcc: '' });

/**
 * Stores a note of what went to whom and queues its mail in one transaction; it waits the mailbox's undo time (O1, O4). The mail
 * bears a mark of its own, by which the answer comes back as a note (forward-answer.ts). Sending the same words under the same
 * `clientId` again returns the first one. Throws Invalid for what `wrongThirds` finds, and for a message that is not to be forwarded.
 */
export function forwardTicket(
  app: App,
  actor: Agent,
  ticket: Ticket,
  input: ForwardInput,
  files: NewFiles = [],
): MessageRow {
  bringUpToDate(app, ticket);
  const meant = meantWith(addressesIn(input.to), input.message || undefined);
  const { earlier, clientId } = asSent(app, ticket, input, meant, ({ forwarded }) =>
    meantWith(forwarded?.to ?? [], forwarded?.message),
  );
  if (earlier) return earlier;
  const original = originalOf(app, ticket, input.message || undefined);
  if (!original) throw Invalid('Only what was said to or by the customer can be forwarded.');
  if (onlyReadMailbox(app, ticket)) throw Conflict('This mailbox is only read: nothing is sent from it.');
  if (Object.keys(wrongThirds(app, ticket, input.to)).length > 0)
    throw Invalid('A message is forwarded to plain addresses that are neither ours nor the customer’s.');

  const to = recipientsTyped(app, thirds(input.to));
  const message = storeForward(app, actor, ticket, { ...input, clientId, original, to }, files);
  const mark = newMark();
  rememberMark(app, ticket, message.id, mark);
  enqueueMail(app, composeForward(app, actor, ticket, message, { to: to.to, original, mark }), {
    mailboxId: mailboxFor(app, ticket)?.id ?? null,
    kind: 'reply',
    message,
    notBefore: message.send_after as number,
  });
  endDraft(app, actor, ticket, 'forward', input);
  record(app, 'ticket.forwarded', actor, ticket, { message: message.id });
  signalTicket(app, ticket.id);
  return message;
}

const meantWith = (to: string[], message: number | undefined) =>
  JSON.stringify([to.map(addressKey).toSorted(), message]);

interface Forwarding {
  words: string;
  clientId: string;
  original: Original;
  to: Recipients;
  file?: ForwardInput['file'];
}

function storeForward(
  app: App,
  actor: Agent,
  ticket: Ticket,
  { words, clientId, original, to, file }: Forwarding,
  files: NewFiles,
): MessageRow {
  const joined = noteThird(app, ticket, to.to);
  const forwarded: Forwarded = {
    to: to.all,
    ...(original.one ? { message: original.one.id } : {}),
    files: [],
  };
  const facts = { forwarded, ...(joined.length > 0 ? { joined } : {}) };
  const message = addMessage(app, ticket, {
    kind: 'note',
    author: { kind: 'agent', id: actor.id, name: actor.name },
    channel: 'email',
    words,
    quote: textOf(app, original),
    clientId,
    facts,
    state: 'waiting',
    sendAfter: sendAfter(app, ticket),
  });
  const chosen = new Set([file ?? []].flat());
  for (const one of filesOfOriginal(app, original).filter(({ id }) => chosen.has(id))) {
    const { disk_name: diskName, sha256, size, name, declared_type: declaredType, type } = one;
    const owner = { kind: 'message' as const, id: message.id };
    const here = attach(app, owner, { file: { diskName, sha256, size }, name, declaredType, type });
    forwarded.files.push({ of: one.id, here });
  }
  takeFiles(app, actor, ticket, message, 'forward', files);
  if (forwarded.files.length > 0) updateFacts(app.db, JSON.stringify(facts), message.id);
  return message;
}
