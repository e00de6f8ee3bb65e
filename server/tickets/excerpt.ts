// The first words of the newest message, for the list: written again after a message went or changed.
import type { App } from '../app';
import { change, queryValue } from '../db';
import { excerptOf } from './ticket';

const findNewest = queryValue<[ticketId: number], string>(
  "SELECT words FROM messages WHERE ticket_id = ? AND kind <> 'system' ORDER BY sequence DESC LIMIT 1",
);
const updateExcerpt = change<[excerpt: string, id: number]>(
  'UPDATE tickets SET excerpt = ?, changed_sequence = changed_sequence + 1 WHERE id = ?',
);

const updateAwaiting = change<[id: number, sameId: number, thirdId: number]>(`
  UPDATE tickets SET changed_sequence = changed_sequence + 1,
         activity_at = coalesce((SELECT max(created_at) FROM messages WHERE ticket_id = ? AND kind <> 'system'), created_at),
         awaits_us = coalesce((SELECT author_kind = 'customer' FROM messages
                                WHERE ticket_id = ? AND (kind = 'reply' OR author_kind = 'customer') AND is_automatic = 0 ORDER BY sequence DESC LIMIT 1), 0)
   WHERE id = ?`);

/** All that a ticket's row says of its newest message, after one left it. */
export function refreshNewest(app: App, ticketId: number): void {
  refreshExcerpt(app, ticketId);
  updateAwaiting(app.db, ticketId, ticketId, ticketId);
}

export const refreshExcerpt = (app: App, ticketId: number) =>
  void updateExcerpt(app.db, excerptOf(findNewest(app.db, ticketId) ?? ''), ticketId);
