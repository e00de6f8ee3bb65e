// An agent writes first: a new ticket whose first message is the agent's, and leaves as a mail.
import { type Agent, findActiveAgents, findTeams } from '../agents';
import type { App } from '../app';
import { knowCustomerByMail } from '../customers';
import { keyedHash } from '../lib/ids';
import {
  addressKey,
  findAliases,
  findMailboxes,
  isOwnAddress,
  type MailboxRow,
  maySend,
  validAddress,
} from '../mail';
import { mayRole } from '../roles';
import type { FieldErrors } from '../web';
import { numberFor } from './access';
import { assignTicket } from './change';
import { followTicket } from './follow-ticket';
import type { NewFiles, NewTicketInput } from './forms';
import { openTicket } from './open';
import { findMessagesAfter, findParticipants, findTicketByClientId } from './queries';
import { cleanSubject, type Ticket } from './ticket';
import { beginWithReply } from './writing/reply';
import { recipientsTyped, type WrongRecipients, wrongRecipients } from './writing/typed-recipients';

/** What a form may leave out. `email` is a validated address. */
export type FirstWords = Pick<NewTicketInput, 'clientId' | 'name' | 'email' | 'subject' | 'words'> &
  Partial<NewTicketInput>;

/** An address that it can leave as. */
export interface SendingAddress {
  /** As a form names it: the mailbox's id, of an alias with its own behind it. */
  value: string;
  address: string;
  mailbox: MailboxRow;
  aliasId?: number;
}

/** Each mailbox that sends, and its aliases after it. */
export const sendingAddresses = (app: App): SendingAddress[] =>
  findMailboxes(app.db)
    .filter(maySend)
    .flatMap((mailbox) => [
      { value: String(mailbox.id), address: mailbox.address, mailbox },
      ...findAliases(app.db, mailbox.id).map(({ id, address }) => ({
        value: `${mailbox.id}-${id}`,
        address,
        mailbox,
        aliasId: id,
      })),
    ]);

/** Whom it can be given to. */
export const answeringAgents = (app: App) =>
  findActiveAgents(app.db).filter(({ role }) => mayRole(role, 'tickets.reply'));

/** Nothing can be sent, because every mailbox that could is only read: no new words wait for the day when that ends. */
export const isOnlyRead = (app: App): boolean =>
  sendingAddresses(app).length === 0 && findMailboxes(app.db).some(({ only_reads }) => only_reads === 1);

/** What only the database knows to be wrong: an address of ours, a mailbox, a team or an agent that is gone. */
export function wrongFirstWords(app: App, input: NewTicketInput): FieldErrors {
  const errors: FieldErrors = {};
  const email = validAddress(input.email);
  if (!email || isOwnAddress(app, email)) errors['email'] = 'errors.field.email';
  else if (isOnlyRead(app)) errors['email'] = 'tickets.new.onlyRead';
  const isThere = (id: number | '', among: { id: number }[]) =>
    id === '' || among.some((one) => one.id === id);
  if (input.mailbox && !sendingAddresses(app).some(({ value }) => value === input.mailbox))
    errors['mailbox'] = 'errors.field.invalid';
  if (!isThere(input.team, findTeams(app.db))) errors['team'] = 'errors.field.invalid';
  if (!isThere(input.assignee, answeringAgents(app))) errors['assignee'] = 'errors.field.invalid';
  return errors;
}

/** The same of those in copy. The customer has a field of their own, so what is wrong with all together is said at the copies. */
export function wrongCopies(
  app: App,
  { email, cc, bcc }: Record<'email' | 'cc' | 'bcc', string>,
): WrongRecipients {
  const { to, ...wrong } = wrongRecipients(app, { to: email, cc, bcc });
  return to?.key === 'tickets.people.tooMany' ? { cc: to, ...wrong } : wrong;
}

/**
 * The same words to the same person under the same client id again return the ticket that they made; other ones come from a
 * second window and are a ticket of their own, also only once. Throws Invalid for what `wrongCopies` finds.
 */
export function createTicket(app: App, actor: Agent, input: FirstWords, files: NewFiles = []): Ticket {
  const first = findTicketByClientId(app.db, input.clientId, actor.id);
  if (first && isMadeOf(app, first, input)) return first;
  const clientId = first ? otherIdOf(app, input) : input.clientId;
  const earlier = first && findTicketByClientId(app.db, clientId, actor.id);
  if (earlier) return earlier;
  const people = recipientsTyped(app, { to: input.email, cc: input.cc ?? '', bcc: input.bcc ?? '' });
  const customer = knowCustomerByMail(app, actor, { name: input.name, address: input.email });
  const as = sendingAddresses(app).find(({ value }) => !input.mailbox || value === input.mailbox);
  const mailbox = as?.mailbox ?? findMailboxes(app.db).find(({ only_reads }) => !only_reads);
  const ticket = openTicket(app, actor, {
    subject: input.subject,
    channel: 'email',
    customer,
    address: { address: input.email, key: addressKey(input.email) },
    mailboxId: mailbox?.id ?? null,
    aliasId: as?.aliasId,
    status: input.thenStatus ?? 'pending',
    teamId: input.team || null,
  });
  const to = { ...people, to: [{ name: customer.name, address: input.email }] };
  beginWithReply(app, actor, ticket, { clientId, words: input.words, to }, files);
  giveFirst(app, actor, ticket, input);
  return ticket;
}

/** Whoever wrote it can go on seeing it, and take it back (O4), though it is another team's. */
function giveFirst(app: App, actor: Agent, ticket: Ticket, { assignee }: FirstWords): void {
  const chosen = assignee ? answeringAgents(app).find(({ id }) => id === assignee) : undefined;
  if (chosen) assignTicket(app, actor, ticket, chosen, null);
  if (numberFor(app, actor, ticket.id) === undefined) followTicket(app, actor, ticket, true);
}

function isMadeOf(app: App, ticket: Ticket, { email, subject, words }: FirstWords): boolean {
  const [message] = findMessagesAfter(app.db, ticket.id, 0, 1);
  const [requester] = findParticipants(app.db, ticket.id);
  return (
    message?.words === words &&
    ticket.subject === cleanSubject(subject) &&
    requester?.address_key === addressKey(email)
  );
}

const otherIdOf = (app: App, { clientId, email, subject, words }: FirstWords) =>
  keyedHash(app.key, `other ticket ${clientId} ${JSON.stringify([email, subject, words])}`).slice(0, 32);
