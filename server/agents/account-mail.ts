// Mails to agents about their account. Links lead to the configured address only, never to what a request named (AC-34).
import type { App } from '../app';
import { randomId } from '../lib/ids';
import { domainOf, enqueueMail, findMailboxes, htmlFromText, type MailboxRow, maySend } from '../mail';
import { firmOf, publicUrlOf } from '../settings';
import type { Agent, AgentRow } from './agent';

/** False when no mailbox can send, or nobody has said where Hearthdesk is reached: then links are handed over by hand. */
export const canMailLinks = (app: App): boolean => canSend(app) && publicUrlOf(app) !== undefined;

export const canSend = (app: App): boolean => sender(app) !== undefined;

/** False when it could not be queued. Within a transaction. */
export function mailInvitation(app: App, actor: Agent, agent: AgentRow, path: string): boolean {
  return mailLink(app, agent, path, 'invitation', { who: actor.name });
}

/** False when it could not be queued. Within a transaction. */
export function mailPasswordLink(app: App, agent: AgentRow, path: string): boolean {
  return mailLink(app, agent, path, 'passwordLink', {});
}

/** Tells somebody what was changed about their account; `address` is the old one when the address itself changed (AC-43). */
export function mailNotice(
  app: App,
  agent: Agent,
  notice: 'passwordChanged' | 'emailChanged',
  address: string,
): boolean {
  const t = app.catalogues[agent.language];
  const values = { name: agent.name, company: firmOf(app).company };
  const words = t(`agents.mail.${notice}.words`, values);
  const subject = t(`agents.mail.${notice}.subject`, values);
  return postToAgent(app, { name: agent.name, address }, { subject, text: words }, 'account') !== undefined;
}

function mailLink(
  app: App,
  agent: AgentRow,
  path: string,
  kind: string,
  more: Record<string, string>,
): boolean {
  const publicUrl = publicUrlOf(app);
  if (!publicUrl) return false;
  const t = app.catalogues[agent.language];
  const values = { name: agent.name, company: firmOf(app).company, link: `${publicUrl}${path}`, ...more };
  const to = { name: agent.name, address: agent.email };
  const subject = t(`agents.mail.${kind}.subject`, values);
  const text = t(`agents.mail.${kind}.words`, values);
  return postToAgent(app, to, { subject, text }, 'account') !== undefined;
}

/**
 * Puts a mail from the house to one of its own into the outbox, marked as automatic. Returns its number there, undefined when no
 * mailbox can send. Within a transaction.
 */
export function postToAgent(
  app: App,
  to: { name: string; address: string },
  { subject, text }: { subject: string; text: string },
  kind: 'account' | 'notice',
): number | undefined {
  const mailbox = sender(app);
  if (!mailbox) return undefined;
  const mail = {
    messageId: `${randomId()}@${domainOf(mailbox.address)}`,
    from: { name: mailbox.sender_name || firmOf(app).company, address: mailbox.address },
    to: [to],
    cc: [],
    subject,
    text,
    html: htmlFromText(text),
    references: [],
    automatic: true,
    attachments: [],
  };
  return enqueueMail(app, mail, { mailboxId: mailbox.id, kind, notBefore: app.clock.now() });
}

const sender = (app: App): MailboxRow | undefined => findMailboxes(app.db).find(maySend);
