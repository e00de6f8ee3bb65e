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

export const refreshExcerpt = (app: App, ticketId: number) =>
  void updateExcerpt(app.db, excerptOf(findNewest(app.db, ticketId) ?? ''), ticketId);
