// Whoever an agent writes to on a ticket belongs to it from then on; undo takes them off it again (O4).
import type { App } from '../../app';
import { findCustomerByAddress } from '../../customers';
import { queryValue } from '../../db';
import { addressKey } from '../../mail';
import {
  deleteParticipant,
  findParticipant,
  insertParticipant,
  updateParticipantRole,
  updateParticipantState,
} from '../queries';
import type { JoinedPerson, Ticket } from '../ticket';
import type { Recipients } from './recipients';

/**
 * Those in To and Cc become accepted copies, so that their answers are no strangers' (M7); a hidden copy is only known to have got
 * a mail, and gets no other. Somebody unverified, or left out, stays that: to write to them once is not to let them in.
 */
export function joinRecipients(app: App, ticket: Ticket, { to, cc, bcc }: Recipients): JoinedPerson[] {
  const joined: JoinedPerson[] = [];
  for (const person of [...to, ...cc]) {
    const known = findParticipant(app.db, ticket.id, addressKey(person.address));
    if (!known) joined.push({ id: insert(app, ticket, person, 'copy') });
    else if (known.state === 'suggested' || known.role === 'third') {
      joined.push({ id: known.id, was: { role: known.role, state: known.state } });
      updateParticipantRole(app.db, 'copy', known.id);
      updateParticipantState(app.db, 'accepted', known.id);
    }
  }
  return [...joined, ...noteThird(app, ticket, bcc)];
}

/** People who got a mail about the ticket and are not on it: their data is found by their address (P1, P13). */
export function noteThird(app: App, ticket: Ticket, people: Recipients['bcc']): JoinedPerson[] {
  const fresh = people.filter(({ address }) => !findParticipant(app.db, ticket.id, addressKey(address)));
  return fresh.map((person) => ({ id: insert(app, ticket, person, 'third') }));
}

function insert(
  app: App,
  ticket: Ticket,
  { name, address }: Recipients['to'][number],
  role: 'copy' | 'third',
): number {
  const key = addressKey(address);
  const customer = findCustomerByAddress(app.db, key);
  const state = role === 'copy' ? 'accepted' : 'removed';
  const called = name || customer?.name || '';
  return insertParticipant(
    app.db,
    ticket.id,
    customer?.id ?? null,
    address,
    key,
    called,
    role,
    state,
    app.clock.now(),
  );
}

/** As the mail left them, without a word of theirs since, and named by no other mail that went out. */
const findUntouched = queryValue<[id: number], 1>(`
  SELECT 1 FROM participants
   WHERE id = ? AND ((role = 'copy' AND state = 'accepted') OR (role = 'third' AND state = 'removed'))
     AND NOT EXISTS (SELECT 1 FROM messages WHERE messages.ticket_id = participants.ticket_id AND (
           (author_kind = 'customer' AND author_id = participants.customer_id)
           OR (author_kind = 'agent' AND EXISTS (
                 SELECT 1 FROM json_tree(messages.facts) WHERE type = 'text' AND lower(value) = participants.address_key))))`);

/** The mail that brought them was taken back, and its message is gone. Whoever belongs to the ticket otherwise by now stays. */
export function leaveAgain(app: App, joined: JoinedPerson[]): void {
  for (const { id, was } of joined) {
    if (findUntouched(app.db, id) === undefined) continue;
    if (!was) deleteParticipant(app.db, id);
    else {
      updateParticipantRole(app.db, was.role, id);
      updateParticipantState(app.db, was.state, id);
    }
  }
}
