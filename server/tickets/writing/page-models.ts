// What the views of the composer are given. Types only.
import type { FieldErrors } from '../../web';
import type { Choice } from '../page-models';

/** A form of the composer. Its draft is kept by posting `kind` and `words` to `TicketPage.draft`. */
export interface WritingForm {
  /** Where it is posted, as multipart/form-data: `clientId`, `seenSequence`, `words`, `files`; a reply also `thenStatus`. */
  action: string;
  clientId: string;
  words: string;
  /** Of the draft as the server has it; `isKept` is whether these are its words. */
  base: string;
  isKept: boolean;
  /** Bytes that one file may have, and what is said of a larger one. */
  largest: number;
  tooLarge: string;
  /** Files of the draft that are kept already; each can be removed by a post to its `remove`. */
  files: { name: string; size: string; remove?: string }[];
  errors: FieldErrors;
}

/** views/tickets/_people. */
export interface PeopleModel {
  id: string;
  /** `id` is the field's; people are separated by commas. */
  fields: { name: 'to' | 'cc' | 'bcc'; id: string; label: string; value: string; error?: string }[];
  /** Tells two pages apart that would write to others. */
  key: string;
  /** Not whom the ticket says, but whom somebody chose. */
  isChosen: boolean;
  /** "Reply" or "Reply to all", when there is somebody else. */
  choice?: {
    action: string;
    options: { value: string; text: string; to: string; cc: string; isNow: boolean }[];
  };
}

/** views/tickets/_later. `isChosen`: it was to leave later already, and the page came back for another reason. */
export interface LaterModel {
  isChosen: boolean;
  value: string;
  at: string;
  choices: Choice[];
  zone: string;
  error?: string;
}

/** views/tickets/_note-form */
export interface NoteForm extends WritingForm {
  /** Where colleagues to name are offered. */
  mentions: string;
  /** Who is named and will not hear of it, in words; the ids come back with the form. */
  inVain?: { ids: string; words: string };
}
