// What the views of importing customers are given. Types only, as in page-models.ts above.
import type { ShownTime, Translate } from '../../i18n';
import type { PageModel } from '../../web';

/** views/customers/import-new. Posts `files`. */
export interface NewCustomerImportPage extends PageModel {
  t: Translate;
  action: string;
  columns: { name: string; words: string }[];
  error?: string;
  back: string;
  /** Those of the last days that are still kept. */
  earlier: { href: string; at: ShownTime; state: string }[];
}

/** views/customers/import */
export interface CustomerImportPage extends PageModel {
  t: Translate;
  state: { kind: 'info' | 'good'; text: string };
  progress?: { label: string; value: number; max: number; text: string };
  tabs: { href: string; text: string; count: string; current: boolean }[];
  rows: {
    line: number;
    who: string;
    /** Who it is about, where somebody is known. */
    href?: string;
    /** What it would set, what it would change, or why it is refused. */
    facts: string[];
  }[];
  more?: string;
  /** Posts `changes` ("on" to change those who are known already). */
  begin?: { action: string; text: string; changes?: string };
  forget?: string;
}
