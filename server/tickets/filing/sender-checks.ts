// Who counts as the sender of a mail (M9), and what is made of the checks of where it came from (AC-15).
import { findAgentByEmail } from '../../agents';
import type { App } from '../../app';
import {
  type Authentication,
  addressKey,
  domainOf,
  formSendersOf,
  forwardedFrom,
  type InboundMailRow,
  isOwnAddress,
  type MailboxRow,
  type ParsedMail,
} from '../../mail';
import type { SpamReason } from '../ticket';

/** `automatic` is undefined for mail that a person wrote, a website's form included (M9). */
export type Sender = { name: string; address: string; automatic: ParsedMail['automatic'] };

/**
 * M9: a form writes `auto-generated` mail for a person, who stands in Reply-To and counts as its sender, when it is on our own
 * website. One that an admin has listed need not say that it is a machine.
 */
export function senderOf(app: App, mail: ParsedMail): Sender | undefined {
  const [person] = mail.replyTo;
  const isListed = mail.from && formSendersOf(app).includes(addressKey(mail.from.address));
  const isForm = mail.formSender || (isListed && !mail.automatic);
  if (isForm && person && mail.from && (isListed || isOwnDomain(app, mail.from.address)))
    return { ...person, automatic: undefined };
  return mail.from && { ...mail.from, automatic: mail.automatic };
}

function isOwnDomain(app: App, address: string): boolean {
  return app.hooks.ownDomains(app).includes(domainOf(addressKey(address)));
}

/** A customer's mail that an agent passed on to us (M15). */
export interface Forwarded {
  /** The customer, as the mail that was passed on names them. */
  from: { name: string; address: string };
  by: { name: string; address: string };
}

/**
 * Who can write an agent's address into From could write the customer's own there too, so nothing is gained by a forged one: what
 * is named here proves no address, and joins no ticket that is there already (AC-16).
 */
export function forwardOf(app: App, mail: ParsedMail, sender: Sender): Forwarded | undefined {
  if (sender.automatic || mail.from?.address !== sender.address) return undefined;
  const agent = findAgentByEmail(app.db, addressKey(sender.address));
  if (agent?.state !== 'active') return undefined;
  const from = forwardedFrom(mail);
  if (!from || isOwnAddress(app, from.address)) return undefined;
  const isAgents = addressKey(from.address) === addressKey(sender.address);
  return isAgents ? undefined : { from, by: { name: agent.name, address: sender.address } };
}

/**
 * What is believed of the sender: what was found about the address in From says nothing about a person whom a form names in
 * Reply-To (M9).
 */
export function authenticationFor(
  found: Authentication | undefined,
  mail: ParsedMail,
  sender: Sender | undefined,
): Authentication | undefined {
  const isAnother = sender && mail.from && addressKey(sender.address) !== addressKey(mail.from.address);
  return found?.verdict === 'verified' && isAnother ? { ...found, verdict: 'unverified' } : found;
}

/** Spam folders as servers call them (RFC 6154 names none): read only where an admin chose to. */
const SPAM_FOLDER = /(?:^|[./])(?:junk(?: e-?mail)?|spam|bulk mail|søppelpost|mēstules)$/i;

/** Why the mailbox takes this mail for spam; undefined when it does not. */
export function spamReason(
  mailbox: MailboxRow,
  inbound: InboundMailRow,
  mail: ParsedMail,
  found: Authentication | undefined,
): SpamReason | undefined {
  if (inbound.is_junk) return 'folder';
  if (mailbox.spam_by_header && mail.calledSpam) return 'header';
  if (mailbox.spam_by_header && inbound.folder !== null && SPAM_FOLDER.test(inbound.folder)) return 'folder';
  return mailbox.spam_by_failure && found?.verdict === 'failed' ? 'failed' : undefined;
}
