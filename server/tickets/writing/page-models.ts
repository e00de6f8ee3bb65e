// What the views of the composer are given besides what tickets/page-models.ts says.
import type { WritingForm } from '../page-models';

/** views/tickets/_note-form */
export interface NoteForm extends WritingForm {
  /** Where colleagues to name are offered. */
  mentions: string;
  /** Who is named and will not hear of it, in words; the ids come back with the form. */
  inVain?: { ids: string; words: string };
}
