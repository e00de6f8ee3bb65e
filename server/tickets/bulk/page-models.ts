// What the pages about changes of many tickets are given. Types only.
import type { Translate } from '../../i18n';
import type { FieldErrors, PageModel } from '../../web';

/** Grouped as in the list of what can be done. */
export type BulkChoices = { title: string; choices: { value: string; text: string }[] }[];

/** views/tickets/bulk: asked before everything is changed, and when something is missing */
export interface BulkPage extends PageModel {
  t: Translate;
  words: string | undefined;
  /** Numbers. */
  tickets: string[];
  everything: boolean;
  /** The edition of the view that is asked about. */
  sure: string;
  list: string;
  change: string;
  choices: BulkChoices;
  tag: string;
  errors: FieldErrors;
  back: string;
}

/** views/tickets/bulk-run: how far it is, and what came of it */
export interface BulkRunPage extends PageModel {
  t: Translate;
  state: 'running' | 'done' | 'stopped';
  progress: { done: number; total: number; text: string };
  words: string;
  refused: { number: number; why: string }[];
  more: string | undefined;
  undo: string | undefined;
  back: string;
}
