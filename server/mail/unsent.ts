// Mails to agents about their accounts that did not leave, or may not have: decided by a person (O1, O5).
import type { App } from '../app';
import { type Actor, record } from '../events';
import { NotFound } from '../lib/errors';
import { dismiss, settleUncertain, waitAgain } from './outbox';
import type { OutboxRow } from './queries';

/** Throws NotFound when nobody has to decide about it any more. Within a transaction. */
export function sendUnsent(app: App, actor: Actor, mail: OutboxRow): void {
  if (!['held', 'uncertain', 'failed'].includes(mail.state)) throw NotFound();
  waitAgain(app, mail);
  record(app, 'mail.sent-again', actor, mail);
}

/** One in doubt counts as arrived, any other is dismissed. Throws NotFound likewise. Within a transaction. */
export function leaveUnsent(app: App, actor: Actor, mail: OutboxRow): void {
  if (mail.state === 'uncertain') settleUncertain(app, mail);
  else if (!dismiss(app, mail)) throw NotFound();
  record(app, 'mail.left-unsent', actor, mail);
}
