// Mails to agents about their accounts that did not leave, or may not have: loud, and decided by a person (O1, O5).
import type { App } from '../app';
import { change, query } from '../db';
import { type Actor, record } from '../events';
import type { ShownTime } from '../i18n';
import { NotFound } from '../lib/errors';
import type { Reader } from '../web';
import { MAILBOX_REMOVED, settleUncertain, waitAgain } from './outbox';
import type { OutgoingMail } from './outgoing';
import { problemWords } from './problem-words';
import { findOutboxMail, type OutboxRow } from './queries';

const MOST_SHOWN = 100;

/** What belongs to a ticket is shown there. The list of states is that of the index. */
const findUnsent = query<[limit: number], OutboxRow[]>(`
  SELECT * FROM outbox WHERE state IN ('held', 'handing over', 'uncertain', 'failed') AND state <> 'handing over' AND kind = 'account'
   ORDER BY id DESC LIMIT ?`);
const deleteUnsent = change<[id: number]>(
  "DELETE FROM outbox WHERE id = ? AND kind = 'account' AND state IN ('held', 'failed')",
);

export interface UnsentLine {
  id: number;
  to: string;
  subject: string;
  at: ShownTime;
  state: string;
  /** What the server said. */
  answer?: string;
}

export const unsentLines = (app: App, { t, format }: Reader): UnsentLine[] =>
  findUnsent(app.db, MOST_SHOWN).map((mail) => ({
    id: mail.id,
    to: (JSON.parse(mail.recipients) as string[]).join(', '),
    subject: mail.mail === null ? '' : (JSON.parse(mail.mail) as OutgoingMail).subject,
    at: format.time(mail.created_at),
    state: t(`mail.unsent.state.${mail.last_answer === MAILBOX_REMOVED ? 'removed' : mail.state}`),
    ...(mail.last_answer && mail.last_answer !== MAILBOX_REMOVED
      ? { answer: problemWords(t, mail.last_answer) }
      : {}),
  }));

/** Throws NotFound when nobody has to decide about it any more. Within a transaction. */
export function sendUnsent(app: App, actor: Actor, id: number): void {
  waitAgain(app, unsentFor(app, id));
  record(app, 'mail.sent-again', actor, { id });
}

/** One in doubt counts as arrived, any other is gone. Throws NotFound likewise. Within a transaction. */
export function leaveUnsent(app: App, actor: Actor, id: number): void {
  const mail = unsentFor(app, id);
  if (mail.state === 'uncertain') settleUncertain(app, mail);
  else deleteUnsent(app.db, id);
  record(app, 'mail.left-unsent', actor, { id });
}

function unsentFor(app: App, id: number): OutboxRow {
  const mail = findOutboxMail(app.db, id);
  if (mail?.kind !== 'account' || !['held', 'uncertain', 'failed'].includes(mail.state)) throw NotFound();
  return mail;
}
