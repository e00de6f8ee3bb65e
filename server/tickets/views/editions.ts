// What saved views hold, as rows. An edition is one set of conditions; other conditions begin another one.
import { change, insert, query, queryColumn, queryOne, queryValue } from '../../db';

export interface EditionRow {
  id: number;
  left_to_fill: number;
  to_fill: number;
  checked_at: number;
}

/** The view that an edition belongs to, as the rows of that edition depend on it. */
export interface EditionView {
  id: number;
  agent_id: number | null;
  edition_id: number;
  definition: string;
}

export const findEditionViews = query<[], EditionView[]>(
  'SELECT id, agent_id, edition_id, definition FROM saved_views',
);
export const findEdition = queryOne<[id: number], EditionRow>('SELECT * FROM view_editions WHERE id = ?');
export const findNewestTicketId = queryValue<[], number | null>('SELECT max(id) FROM tickets');
export const insertEdition = insert<[left: number, of: number, now: number]>(
  'INSERT INTO view_editions (left_to_fill, to_fill, checked_at) VALUES (?, ?, ?)',
);
export const updateEditionLeft = change<[left: number, id: number]>(
  'UPDATE view_editions SET left_to_fill = ? WHERE id = ?',
);
export const updateEditionChecked = change<[at: number, id: number]>(
  'UPDATE view_editions SET checked_at = ? WHERE id = ?',
);
export const updateViewEdition = change<[editionId: number, viewId: number]>(
  'UPDATE saved_views SET edition_id = ? WHERE id = ?',
);

export const findUnfilled = queryOne<[], EditionRow & EditionView>(`
  SELECT view_editions.*, saved_views.agent_id, saved_views.definition, edition_id
    FROM saved_views JOIN view_editions ON view_editions.id = edition_id WHERE left_to_fill > 0 LIMIT 1`);

/** An edition that no view has any more. */
export const findLeftOver = queryValue<[], number>(
  'SELECT id FROM view_editions WHERE id NOT IN (SELECT edition_id FROM saved_views) LIMIT 1',
);
export const deleteSomeRows = change<[editionId: number, limit: number]>(`
  DELETE FROM view_tickets WHERE (ticket_id, edition_id, viewer_id) IN
    (SELECT ticket_id, edition_id, viewer_id FROM view_tickets WHERE edition_id = ? LIMIT ?)`);
export const deleteCounts = change<[editionId: number]>('DELETE FROM view_counts WHERE edition_id = ?');
export const deleteEdition = change<[id: number]>('DELETE FROM view_editions WHERE id = ?');

export const deleteRowsOf = change<[ticketId: number]>('DELETE FROM view_tickets WHERE ticket_id = ?');
export const findChanges = queryColumn<[limit: number], number>(
  'SELECT ticket_id FROM view_changes ORDER BY ticket_id LIMIT ?',
);
export const deleteChange = change<[ticketId: number]>('DELETE FROM view_changes WHERE ticket_id = ?');
