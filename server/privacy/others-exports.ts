// Exports of other people that may hold something of whoever is erased. Nobody can look into a ZIP, so they go; they can be made anew.
import type { App } from '../app';
import { queryColumn } from '../db';
import { deleteExport } from './queries';

/** Of whoever stands on one of these tickets, be it only as an address in copy. */
const findExports = queryColumn<
  [tickets: string, sameTickets: string, againTickets: string, stillTickets: string],
  number
>(`
  SELECT id FROM exports WHERE customer_id IN (
    SELECT customer_id FROM tickets WHERE id IN (SELECT value FROM json_each(?))
     UNION
    SELECT customer_id FROM participants WHERE ticket_id IN (SELECT value FROM json_each(?))
     UNION
    SELECT customer_addresses.customer_id FROM participants JOIN customer_addresses USING (address_key)
     WHERE ticket_id IN (SELECT value FROM json_each(?)))
   OR address_key IN (SELECT address_key FROM participants WHERE ticket_id IN (SELECT value FROM json_each(?)))`);

export function exportsOnTickets(app: App, tickets: number[]): number[] {
  const list = JSON.stringify(tickets);
  return findExports(app.db, list, list, list, list);
}

/** Inside a transaction; a file that no row names any more goes with `removeUnnamedExports`. */
export function forgetExports(app: App, ids: number[]): void {
  for (const id of ids) deleteExport(app.db, id);
}
