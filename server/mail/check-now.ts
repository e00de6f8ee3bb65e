// "Check now": a comparison of one mailbox that a person has asked for, as work in the queue (M4).
import type { App } from '../app';
import { type Actor, record } from '../events';
import { enqueue, type JobWork } from '../jobs';
import { beginCheck } from './check-mailbox';
import { findRunningCheck } from './checks';
import type { MailboxRow } from './mailbox';

export const CHECK_JOB = 'check mailbox';

/** The check, or the one that is under way already. Within a transaction. */
export function checkNow(app: App, actor: Actor, mailbox: MailboxRow): number {
  const running = findRunningCheck(app.db, mailbox.id);
  if (running) return running.id;
  const check = beginCheck(app, mailbox, actor.id);
  enqueue(app, CHECK_JOB, { check });
  record(app, 'mailbox.checked', actor, mailbox);
  return check;
}

export const checkWork: JobWork = (app, { check }: { check: number }) => app.hooks.checkMailbox(app, check);
