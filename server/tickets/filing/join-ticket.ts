// Who comes onto a ticket by a mail: its sender, at first unverified (M7), and those in copy, at first only as suggestions (AC-18).
import type { App } from '../../app';
import { cleanName, knowCustomerByMail, proveAddress } from '../../customers';
import { SYSTEM } from '../../events';
import { addressKey, isOwnAddress, type ParsedMail } from '../../mail';
import {
  findParticipant,
  findParticipants,
  insertParticipant,
  type ParticipantRow,
  updateParticipantCustomer,
  updateParticipantRole,
  updateParticipantState,
} from '../queries';
import type { Ticket } from '../ticket';
import type { Sender } from './sender-checks';

/** People on Cc are shown as suggestions, never written to by themselves (AC-18). */
const MOST_SUGGESTED = 20;
const MOST_LOOKED_AT = 100;
const MOST_UNVERIFIED = 50;

export const customerFor = (app: App, sender: Sender) => knowCustomerByMail(app, SYSTEM, sender);

/** Whoever knows an id of a ticket could fill it with strangers: so many wait for an agent, the next one begins a ticket. */
export function isCrowded(app: App, ticket: Ticket, key: string): boolean {
  const known = findParticipant(app.db, ticket.id, key);
  if (known && known.state !== 'suggested') return false;
  const people = findParticipants(app.db, ticket.id);
  return people.filter(({ state }) => state === 'unverified').length >= MOST_UNVERIFIED;
}

/** Who the sender is on this ticket: somebody known to it, or an unverified participant from now on (M7). */
export function joinTicket(
  app: App,
  ticket: Ticket,
  key: string,
  sender: Sender,
): Pick<ParticipantRow, 'customer_id' | 'state'> {
  const known = findParticipant(app.db, ticket.id, key);
  if (!known) {
    const customer = customerFor(app, sender);
    insertParticipant(
      app.db,
      ticket.id,
      customer.id,
      sender.address,
      key,
      customer.name,
      'copy',
      'unverified',
      app.clock.now(),
    );
    return { customer_id: customer.id, state: 'unverified' };
  }
  if (known.role === 'third') {
    const customer = customerFor(app, sender);
    joinAsStranger(app, known, customer.id);
    return { customer_id: customer.id, state: 'unverified' };
  }
  if (known.customer_id === null) {
    const customer = customerFor(app, sender);
    const state = known.state === 'suggested' ? 'unverified' : known.state;
    updateParticipantCustomer(app.db, customer.id, state, known.id);
    return { customer_id: customer.id, state };
  }
  // A chat's claimed address is proved by the mail that comes from it (C8).
  if (known.state === 'accepted') {
    proveAddress(
      app,
      { kind: 'customer', id: known.customer_id },
      { id: known.customer_id },
      sender.address,
      'mail',
    );
  }
  return known;
}

/** They got a mail about it once, and are on it as little as anybody. */
export function joinAsStranger(app: App, known: Pick<ParticipantRow, 'id'>, customerId: number | null): void {
  updateParticipantRole(app.db, 'copy', known.id);
  if (customerId === null) updateParticipantState(app.db, 'unverified', known.id);
  else updateParticipantCustomer(app.db, customerId, 'unverified', known.id);
}

/** Twenty on a ticket, however many mails name however many people. */
export function suggestCopies(app: App, ticket: Ticket, mail: ParsedMail): void {
  let room =
    MOST_SUGGESTED - findParticipants(app.db, ticket.id).filter(({ state }) => state === 'suggested').length;
  for (const copy of [...mail.to, ...mail.cc].slice(0, MOST_LOOKED_AT)) {
    if (room <= 0) return;
    const key = addressKey(copy.address);
    if (isOwnAddress(app, key) || findParticipant(app.db, ticket.id, key)) continue;
    insertParticipant(
      app.db,
      ticket.id,
      null,
      copy.address,
      key,
      cleanName(copy.name, ''),
      'copy',
      'suggested',
      app.clock.now(),
    );
    room -= 1;
  }
}
