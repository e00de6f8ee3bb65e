// Exports as pages show them: what one will hold, how far it is, and where it can be taken.
import type { App } from '../app';
import { query } from '../db';
import { errorWords, type Reader, typedIn } from '../web';
import { pageOf } from './copied';
import type { Person } from './export-data';
import { personOf } from './exports';
import type { ExportPage, NewExportPage } from './page-models';
import { type Returned, UNTOUCHED } from './present-erasure';
import type { ExportRow } from './queries';

const findNotes = query<
  [customerId: number, limit: number],
  { id: number; number: number; words: string; created_at: number }[]
>(`
  SELECT messages.id, tickets.number, words, messages.created_at FROM tickets JOIN messages ON messages.ticket_id = tickets.id
   WHERE tickets.customer_id = ? AND kind = 'note' ORDER BY messages.id DESC LIMIT ?`);
const MOST_NOTES = 200;
const FIRST_WORDS = 160;

export function newExportPage(
  app: App,
  { t, format }: Reader,
  person: Person,
  back: string,
  counts: { own: number; joint: number },
  { values, errors }: Returned = UNTOUCHED,
): NewExportPage {
  const ticked = new Set([values['withhold'] ?? []].flat().map(String));
  return {
    title: t('privacy.export.new', { name: person.name }),
    current: 'privacy',
    t,
    action: `${back}/export`,
    back,
    contents: [
      { name: t('privacy.export.ownTickets'), value: format.number(counts.own) },
      { name: t('privacy.export.jointTickets'), value: format.number(counts.joint) },
    ],
    notes: findNotes(app.db, person.id, MOST_NOTES).map((note) => ({
      id: note.id,
      at: format.time(note.created_at),
      ticket: note.number,
      words:
        note.words.length > FIRST_WORDS ? `${note.words.slice(0, FIRST_WORDS).toWellFormed()}…` : note.words,
      checked: ticked.has(String(note.id)),
    })),
    reason: typedIn(values, 'reason'),
    errors: errorWords(t, errors),
  };
}

export function exportPage(app: App, { t, format }: Reader, row: ExportRow): ExportPage {
  const person = personOf(app, row);
  const isThere = row.state === 'done' && row.expires_at > app.clock.now();
  return {
    title: t('privacy.export.page'),
    current: 'privacy',
    t,
    state: row.state,
    progress: {
      done: row.done,
      total: Math.max(row.total, 1),
      text: t('privacy.export.progress', { done: row.done, total: row.total }),
    },
    download: isThere
      ? {
          href: `/privacy/exports/${row.public_id}/file`,
          size: format.size(row.size ?? 0),
          until: format.time(row.expires_at),
        }
      : undefined,
    customer: person && { href: pageOf(app, person), name: person.name },
  };
}
