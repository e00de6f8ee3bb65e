// What the views of notes about customers are given. Types only, as in page-models.ts above.
import type { ShownTime, Translate } from '../../i18n';
import type { FieldErrors, PageModel } from '../../web';

/** views/customers/_notes */
export interface CustomerNotes {
  list: {
    id: string;
    words: string;
    by: string;
    at: ShownTime;
    isEdited: boolean;
    change?: string;
    removal?: string;
  }[];
  /** Posts `words`. */
  add?: { action: string; words: string; error?: string };
}

/** views/customers/note. Posts `words`. */
export interface CustomerNotePage extends PageModel {
  t: Translate;
  action: string;
  words: string;
  errors: FieldErrors;
  back: string;
}

/** views/customers/note-removal */
export interface CustomerNoteRemovalPage extends PageModel {
  t: Translate;
  words: string;
  action: string;
  back: string;
}
