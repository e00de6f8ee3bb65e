// What was written on a ticket since its customer was merged goes back with the ticket, to whoever wrote it.
import type { App } from '../../app';
import { change } from '../../db';

const updateParticipants = change<[from: number, into: number, tickets: string, sameFrom: number]>(`
  UPDATE participants SET customer_id = ?
   WHERE customer_id = ? AND ticket_id IN (SELECT value FROM json_each(?)) AND address_key IN (
     SELECT address_key FROM customer_addresses WHERE customer_id = ? AND verified_at IS NOT NULL)`);
/** A chat has no address: on a ticket that goes back its customer is who writes. */
const updateAuthors = change<[from: number, into: number, tickets: string, sameInto: number]>(`
  UPDATE messages SET author_id = ?
   WHERE author_kind = 'customer' AND author_id = ? AND ticket_id IN (SELECT value FROM json_each(?)) AND NOT EXISTS (
     SELECT 1 FROM customer_addresses WHERE customer_id = ? AND verified_at IS NOT NULL
        AND address_key = lower(json_extract(messages.facts, '$.from.address')))`);

/**
 * Inside a transaction, when a merge is undone and its rows went back: the tickets are `from`'s again, so new messages on them are
 * too, unless one came from an address of the other. New tickets stay where they came.
 */
export function giveAuthorsBack(app: App, from: number, into: number, tickets: number[]): void {
  const ids = JSON.stringify(tickets);
  updateParticipants(app.db, from, into, ids, from);
  updateAuthors(app.db, from, into, ids, into);
}
