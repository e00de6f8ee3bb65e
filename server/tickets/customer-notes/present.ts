// Notes about a customer as pages show them: the newest first, with what the reader may do with each.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { type CustomerRow, findNotesOn, type NoteRow } from '../../customers';
import { mayRole } from '../../roles';
import { type BadForm, errorWords, type Reader, typedIn } from '../../web';
import type { CustomerNotePage, CustomerNoteRemovalPage, CustomerNotes } from './page-models';

/** Its author, and whoever may change everybody's. */
export const mayChangeNote = (agent: Agent, note: NoteRow): boolean =>
  mayRole(agent.role, 'customers.note') &&
  (note.agent_id === agent.id || mayRole(agent.role, 'customers.allNotes'));

const hrefOf = (customer: CustomerRow, note?: NoteRow) =>
  `/customers/${customer.public_id}/notes${note ? `/${note.id}` : ''}`;

export function customerNotes(
  app: App,
  agent: Agent,
  { t, format }: Reader,
  customer: CustomerRow,
  returned?: BadForm,
): CustomerNotes {
  return {
    list: findNotesOn(app.db, customer.id).map((note) => {
      const href = hrefOf(customer, note);
      const may = mayChangeNote(agent, note);
      return {
        id: `note-${note.id}`,
        words: note.words,
        by: note.agent_name ?? t('customers.notes.somebody'),
        at: format.time(note.created_at),
        isEdited: note.edited_at !== null,
        ...(may ? { change: href, removal: `${href}/removal` } : {}),
      };
    }),
    add: mayRole(agent.role, 'customers.note')
      ? {
          action: hrefOf(customer),
          words: returned ? typedIn(returned.values, 'words') : '',
          error: returned ? errorWords(t, returned.errors)['words'] : undefined,
        }
      : undefined,
  };
}

export function customerNotePage(
  { t }: Reader,
  customer: CustomerRow,
  note: NoteRow,
  returned?: BadForm,
): CustomerNotePage {
  return {
    title: t('customers.notes.change.title', { name: customer.name }),
    current: 'customers',
    t,
    action: hrefOf(customer, note),
    words: returned ? typedIn(returned.values, 'words') : note.words,
    errors: errorWords(t, returned?.errors ?? {}),
    back: `/customers/${customer.public_id}#note-${note.id}`,
  };
}

export function customerNoteRemovalPage(
  { t }: Reader,
  customer: CustomerRow,
  note: NoteRow,
): CustomerNoteRemovalPage {
  return {
    title: t('customers.notes.removal.title', { name: customer.name }),
    current: 'customers',
    t,
    words: note.words,
    action: `${hrefOf(customer, note)}/removal`,
    back: `/customers/${customer.public_id}#note-${note.id}`,
  };
}
