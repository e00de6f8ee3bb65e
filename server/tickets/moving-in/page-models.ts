// What the pages about imports are given. Types only.
import type { ShownTime, Translate } from '../../i18n';
import type { PageModel } from '../../web';

interface Cell {
  text?: string;
  href?: string;
  at?: ShownTime;
  chip?: string;
}

export interface Table {
  caption: string;
  columns: { text: string; number?: boolean }[];
  rows: Cell[][];
}

interface Field {
  value: string;
  error: string | undefined;
}

/** views/moving-in/index */
export interface ImportsPage extends PageModel {
  t: Translate;
  promises: string[];
  form: {
    files: { error: string | undefined };
    mailbox: Field & { choices: { value: string; text: string }[] };
    openDays: Field;
    ownAddresses: Field;
  };
  imports: Table | undefined;
}

/** views/moving-in/import */
export interface ImportPage extends PageModel {
  t: Translate;
  src: string;
  state: { kind: 'info' | 'good' | 'warn' | 'error'; text: string; more: string | undefined };
  progress: { label: string; value: number; max: number; text: string } | undefined;
  facts: { name: string; value?: string; at?: ShownTime }[];
  tray: string | undefined;
  /** Where each of these is asked for. */
  pause: string | undefined;
  goOn: string | undefined;
  cancel: string | undefined;
  undo: string | undefined;
  /** What an undo left because people have worked on it since. */
  kept: { words: string; tickets: { text: string; href: string }[]; more: string | undefined } | undefined;
}

/** views/moving-in/undo: the question before it, and before cancelling */
export interface ImportQuestionPage extends PageModel {
  t: Translate;
  words: string[];
  action: string;
  submit: string;
  back: string;
}
