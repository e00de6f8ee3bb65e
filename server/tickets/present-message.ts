// A message as pages show it: its words made safe, its files, what became of it.
import type { Agent } from '../agents';
import type { App } from '../app';
import { type AttachmentRow, isShownInPlace } from '../attachments';
import { hasRemoteImages, holdReasonOf, htmlFromText, problemWords, withImages } from '../mail';
import { mayRole } from '../roles';
import type { Reader } from '../web';
import type { MoveRow } from './filing/moves';
import { senderCheck, whyModel } from './filing/present-why';
import type { DeliveryModel, FileModel, MessageModel, Writing } from './page-models';
import { personOf } from './present-list';
import { findMessage, type ParticipantRow } from './queries';
import { factsOf, type MessageFacts, type MessageRow, type Ticket } from './ticket';
import { leavesAt } from './writing/send-later';

export type Part = 'words' | 'quote' | 'signature';

interface Shown {
  app: App;
  agent: Agent;
  reader: Reader;
  ticket: Ticket;
  participants: ParticipantRow[];
  /** Who moved which of the messages here. */
  moves: Map<number, MoveRow>;
}

export const messageHref = (ticket: Ticket, message: MessageRow) =>
  `/tickets/${ticket.number}/messages/${message.id}`;

export function messageModel(shown: Shown, message: MessageRow, files: AttachmentRow[]): MessageModel {
  const { reader, ticket } = shown;
  const facts = factsOf(message);
  const href = messageHref(ticket, message);
  const model: MessageModel = {
    t: reader.t,
    id: message.id,
    sequence: message.sequence,
    kind: message.kind === 'reply' ? (message.author_kind === 'agent' ? 'agent' : 'customer') : message.kind,
    author: personOf(message.author_name || reader.t('tickets.someone')),
    at: reader.format.time(message.created_at),
    words: writing(message, 'words', href, files),
    files: files
      .filter((file) => !file.is_inline || !message.html_words)
      .map((file) => fileModel(reader, href, file)),
  };
  if (facts.says) model.line = reader.t(facts.says.key, spoken(reader, facts.says.values));
  if (message.quote) model.quote = writing(message, 'quote', href, files);
  if (message.signature) model.signature = writing(message, 'signature', href, files);
  if (facts.forwarded) model.forwarded = reader.t('tickets.forwarded', { to: facts.forwarded.to.join(', ') });
  if (facts.third) model.third = thirdModel(shown, facts.third);
  if (message.kind === 'reply' && mayForward(shown)) model.forward = forwardHref(ticket, message.id);
  if (facts.to && message.author_kind === 'agent') model.sentTo = sentTo(reader, facts);
  if (leavesByMail(message, facts)) model.delivery = deliveryModel(shown, message, href);
  else if (facts.answer) model.delivery = answerDelivery(shown, message, href);
  if (message.html_kind && hasRemoteImages(`${message.html_words}${message.html_quote}`))
    model.imagesHref = `${href}/body?images=1`;
  if (message.inbound_mail_id !== null) {
    model.facts = mailFacts(facts, href, message);
    model.why = whyModel(
      shown.app,
      reader,
      shown.agent.role,
      ticket,
      message,
      facts,
      shown.moves.get(message.id),
    );
    model.sender = senderCheck(reader, facts);
  }
  if (message.is_automatic) model.automatic = true;
  if (message.sender_state === 'unverified') model.unverified = unverifiedModel(shown, message);
  if (facts.unreadable) model.unreadable = reader.t(`tickets.unreadable.${facts.unreadable}`);
  if (facts.maskedCards) model.maskedCards = facts.maskedCards;
  return model;
}

/** `at` is a time, told on the reader's clock; `rule` is the name of the rule that did it. */
const spoken = (reader: Reader, { at, rule, ...values }: Record<string, string | number>) => ({
  ...values,
  ...(typeof at === 'number' ? { at: reader.format.time(at).text } : {}),
  ...(rule === undefined ? {} : { who: reader.t('tickets.says.rule', { rule }) }),
});

/** A reply by mail, or words of a chat whose mail to the visitor who had left is not settled (C7, O5). */
const leavesByMail = (message: MessageRow, { forwarded }: MessageFacts) =>
  (message.kind === 'reply' || forwarded !== undefined) &&
  message.author_kind === 'agent' &&
  (message.channel === 'email' || message.state !== 'sent');

/** Simple HTML and plain text stand in the page, rich HTML in a frame of its own (DESIGN 4). */
function writing(message: MessageRow, part: Part, href: string, files: AttachmentRow[]): Writing {
  const html = message[`html_${part}`];
  if (!html || !message.html_kind) {
    const { mentions = [] } = message.kind === 'note' && part === 'words' ? factsOf(message) : {};
    return { simpleHtml: htmlFromText(message[part], { named: mentions.map(({ as }) => as) }) };
  }
  if (message.html_kind === 'rich')
    return { frame: part === 'words' ? `${href}/body` : `${href}/body?part=${part}` };
  return { simpleHtml: placeImages(html, href, files, false) };
}

/** Puts our own addresses where a mail named its inline pictures; remote ones only on wish (AC-08). */
export function placeImages(html: string, href: string, files: AttachmentRow[], remote: boolean): string {
  return withImages(html, {
    cid: (id) => {
      const file = files.find((candidate) => candidate.content_id === id && isShownInPlace(candidate.type));
      return file && `${href}/attachments/${file.id}`;
    },
    remote,
  });
}

function fileModel({ format }: Reader, href: string, file: AttachmentRow): FileModel {
  const address = `${href}/attachments/${file.id}`;
  return {
    name: file.name,
    size: format.size(file.size),
    href: address,
    picture: isShownInPlace(file.type) ? address : undefined,
  };
}

const RESENDABLE = new Set<MessageRow['state']>(['failed', 'held', 'uncertain']);

function deliveryModel({ agent, reader }: Shown, message: MessageRow, href: string): DeliveryModel {
  const model: DeliveryModel = { state: message.state };
  // One that was never offered to a server, and what stands here without ever having been a mail, have none.
  if (message.delivery_answer !== null) model.evidence = `${href}/evidence`;
  const { dismissedBy, sentElsewhere } = factsOf(message);
  if (sentElsewhere) model.instead = reader.t('tickets.delivery.elsewhere');
  if (message.state === 'dismissed' && dismissedBy !== undefined)
    model.instead = reader.t(
      message.delivered_at === null ? 'tickets.delivery.dismissedBy' : 'tickets.delivery.returnedBy',
      {
        who: dismissedBy,
      },
    );
  if (message.delivered_at !== null) model.at = reader.format.time(message.delivered_at);
  const heldFor = message.state === 'held' ? holdReasonOf(message.delivery_answer) : undefined;
  if (heldFor) model.words = reader.t(`tickets.trouble.held.${heldFor}`);
  else if (message.delivery_answer) model.answer = problemWords(reader.t, message.delivery_answer);
  const leaves = leavesAt(message);
  if (leaves !== undefined) model.leavesAt = reader.format.time(leaves);
  const mayTakeBack = mayRole(agent.role, 'tickets.reply');
  if (mayTakeBack && (leaves !== undefined || heldFor === 'overtaken' || heldFor === 'out-of-sight'))
    model.takeBack = `${href}/undo`;
  if (!mayRole(agent.role, 'tickets.deliver')) return model;
  if (leaves !== undefined) model.sendNow = `${href}/now`;
  // What was taken and came back is kept no longer, so there is nothing to send again (M10).
  const cameBack = message.state === 'failed' && message.delivered_at !== null;
  if (!cameBack && RESENDABLE.has(message.state)) model.resend = `${href}/resend`;
  if (message.state === 'uncertain' || (message.state === 'held' && !model.words))
    model.arrived = `${href}/arrived`;
  if (message.state === 'failed' || message.state === 'held') model.dismiss = `${href}/dismissal`;
  return model;
}

/** Of a mail that nobody wrote: what became of it, and nothing to decide. */
function answerDelivery(shown: Shown, message: MessageRow, href: string): DeliveryModel {
  const {
    resend: _again,
    arrived: _arrived,
    dismiss: _dismiss,
    ...model
  } = deliveryModel(shown, message, href);
  return message.state === 'dismissed'
    ? { ...model, instead: shown.reader.t('tickets.delivery.notSent') }
    : model;
}

const mayForward = ({ agent, ticket }: Shown) =>
  mayRole(agent.role, 'tickets.forward') && ticket.merged_into_id === null;

const forwardHref = ({ number }: Ticket, message?: number) =>
  `/tickets/${number}/forward${message === undefined ? '' : `?message=${message}`}`;

/** Of somebody who was asked: that it is no word of the customer's, and the way to write to them again. */
function thirdModel(shown: Shown, third: NonNullable<MessageFacts['third']>): MessageModel['third'] {
  const { app, reader, ticket } = shown;
  const forward = findMessage(app.db, third.forward);
  const original = forward && factsOf(forward).forwarded?.message;
  const href = forwardHref(ticket, original);
  const asked = `${href}${href.includes('?') ? '&' : '?'}${new URLSearchParams({ to: third.address ?? '' })}`;
  return {
    text: reader.t('tickets.third', { address: third.address ?? reader.t('tickets.someone') }),
    again: third.address && mayForward(shown) ? asked : undefined,
  };
}

/** "to a, copy to b": hidden copies are for agents, who are the only ones to see this page. */
function sentTo({ t }: Reader, { to = [], cc = [], bcc = [] }: MessageFacts): string {
  const parts = [
    ...(to.length > 0 ? [t('tickets.reply.to', { to: to.join(', ') })] : []),
    ...(cc.length > 0 ? [t('tickets.reply.cc', { cc: cc.join(', ') })] : []),
    ...(bcc.length > 0 ? [t('tickets.reply.bcc', { bcc: bcc.join(', ') })] : []),
  ];
  return parts.join(', ');
}

function mailFacts(facts: MessageFacts, href: string, message: MessageRow): MessageModel['facts'] {
  const from = facts.from && `${facts.from.name} <${facts.from.address}>`.trim();
  return {
    from,
    to: facts.to?.join(', ') || undefined,
    cc: facts.cc?.join(', ') || undefined,
    // P11: that of a mail with a card number was destroyed.
    rawHref: message.inbound_mail_id === null || facts.maskedCards ? undefined : `${href}/raw`,
  };
}

function unverifiedModel(
  { agent, participants, ticket }: Shown,
  message: MessageRow,
): MessageModel['unverified'] {
  const person = participants.find((candidate) => candidate.customer_id === message.author_id);
  if (!person) return undefined;
  const action = mayRole(agent.role, 'tickets.change') ? `/tickets/${ticket.number}/participants` : undefined;
  return { address: person.address ?? '', participant: person.id, action };
}
