// A new ticket by a person's mail is answered by itself, where its mailbox does so: within M9, M11, AC-21 to AC-24.
import { findAgentByEmail } from '../../agents';
import type { App } from '../../app';
import { findAddressesByKey } from '../../customers';
import { isLocale } from '../../i18n';
import { reportError } from '../../lib/report-error';
import {
  type AnswerKind,
  type Authentication,
  addressKey,
  answersOf,
  answerText,
  domainOf,
  enqueueMail,
  htmlFromText,
  type InboundMailRow,
  isOpenAt,
  isOwnAddress,
  type MailboxRow,
  maySend,
  type OutgoingMail,
  type ParsedMail,
  replyAddress,
  takeFromBudget,
} from '../../mail';
import { firmOf } from '../../settings';
import { refresh } from '../access';
import { addMessage } from '../add-message';
import type { Sender } from '../filing/sender-checks';
import { newMark, rememberMark } from '../filing/thread';
import type { Ticket } from '../ticket';
import { addressFor, isFitForHeader } from '../writing/compose-reply';

/** A mail that has just opened a ticket, after the rules have run. */
export interface Opening {
  mailbox: MailboxRow;
  inbound: InboundMailRow;
  mail: ParsedMail;
  sender: Sender | undefined;
  authentication: Authentication | undefined;
  /** The customer's, where it is known. */
  language: string | null;
}

/** Inside the transaction that files the mail, which is filed whatever becomes of its answer (M2). */
export function answerNewTicket(app: App, ticket: Ticket, opening: Opening): void {
  try {
    app.db.tx(() => answer(app, ticket, opening));
  } catch (error) {
    // A full disk has ended the whole transaction.
    if (!app.db.isWriting) throw error;
    reportError(app.log, 'answering a mail by itself', error);
  }
}

function answer(app: App, ticket: Ticket, opening: Opening): void {
  const { mailbox, mail, sender } = opening;
  const kind = kindOfAnswer(app, mailbox);
  if (!kind || !sender) return;
  refresh(app, ticket);
  if (!mayBeAnswered(app, ticket, opening, sender)) return;
  const isTyped = addressKey(sender.address) !== addressKey(mail.from?.address ?? '');
  if (!takeFromBudget(app, { address: sender.address, subject: mail.subject, isTyped })) return;
  const spoken = isLocale(opening.language) ? opening.language : firmOf(app).language;
  const said = answerText(app, answersOf(app, mailbox), kind, spoken, ticket.number);
  // The words stand in no conversation, and are kept as evidence of what was said.
  const message = addMessage(app, ticket, {
    kind: 'system',
    author: { kind: 'system', id: null, name: senderName(app, mailbox) },
    channel: 'email',
    words: said.text,
    facts: { says: { key: `tickets.says.answered.${kind}`, values: { whom: sender.address } }, answer: kind },
    state: 'waiting',
  });
  const mark = newMark();
  rememberMark(app, ticket, message.id, mark);
  enqueueMail(app, composeAnswer(app, ticket, opening, sender, said, mark), {
    mailboxId: mailbox.id,
    kind: 'answer',
    message,
    notBefore: app.clock.now(),
  });
}

/** Undefined when the mailbox says nothing by itself now. */
function kindOfAnswer(app: App, mailbox: MailboxRow): AnswerKind | undefined {
  if (!maySend(mailbox) || mailbox.deleted_at !== null) return undefined;
  const { acknowledges, saysAway, hours, holidays } = answersOf(app, mailbox);
  if (saysAway && !isOpenAt(hours, holidays, firmOf(app).timeZone, app.clock.now())) return 'away';
  return acknowledges ? 'acknowledgement' : undefined;
}

/** Addresses behind which there is nobody, whatever their mails say of themselves (AC-20, AC-22). */
const NOBODY = /^(?:no-?reply|do-?not-?reply|donotreply|mailer-daemon|postmaster|bounces?|abuse)[@+\-_.]/;

/**
 * Only a person who can be meant: not a machine (M9), a loop or ourselves (M11, AC-23), a colleague, spam, a forged or dead address
 * (AC-24), imported history (M5), or what was taken out of the tray later.
 */
function mayBeAnswered(
  app: App,
  ticket: Ticket,
  { inbound, mail, authentication }: Opening,
  { address, automatic }: Sender,
): boolean {
  const isByPerson = automatic === undefined && mail.loops.length === 0 && !mail.bounce;
  const isNow = inbound.is_old === 0 && inbound.is_wished === 0;
  const isWanted = ticket.is_spam === 0 && authentication?.verdict !== 'failed';
  const key = addressKey(address);
  return (
    isByPerson &&
    isNow &&
    isWanted &&
    !NOBODY.test(key) &&
    !isOwnAddress(app, key) &&
    findAgentByEmail(app.db, key) === undefined &&
    findAddressesByKey(app.db, key).every(({ failing_since }) => failing_since === null)
  );
}

/** Nothing in it was written by the sender but the ids that mail programs thread by; their name is not in it either (AC-24). */
function composeAnswer(
  app: App,
  ticket: Ticket,
  { mailbox, mail }: Opening,
  { address }: Sender,
  { subject, text }: { subject: string; text: string },
  mark: string,
): OutgoingMail {
  const theirs = mail.messageId && isFitForHeader(mail.messageId) ? mail.messageId : undefined;
  const from = addressFor(app, ticket, mailbox);
  return {
    messageId: `${mark}@${domainOf(from)}`,
    from: { name: senderName(app, mailbox), address: from },
    to: [{ name: '', address }],
    cc: [],
    replyTo: replyAddress(mailbox, from, mark),
    subject,
    text,
    html: htmlFromText(text, { mark }),
    inReplyTo: theirs,
    references: [...mail.references.filter(isFitForHeader), ...(theirs ? [theirs] : [])],
    automatic: 'answer',
    attachments: [],
  };
}

const senderName = (app: App, mailbox: MailboxRow) => mailbox.sender_name || firmOf(app).company;
