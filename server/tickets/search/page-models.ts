// What the view of search is given. Types only: present.ts fills them.
import type { ShownTime, Translate } from '../../i18n';
import type { PageModel } from '../../web';

export interface SearchHit {
  number: number;
  /** Escaped, the words found in <mark>. */
  subjectHtml: string;
  customerHtml: string;
  status: string;
  at: ShownTime;
  /** Cut around the words found, or the name they stand in; escaped, each in <mark>. */
  excerptHtml: string;
}

/** views/tickets/search */
export interface SearchPage extends PageModel {
  t: Translate;
  /** As typed. */
  q: string;
  hits: SearchHit[];
  /** "12", "200+"; absent before anything was asked. */
  count?: string;
  more?: string;
  /** What was meant as an operator and is none: a sentence each. */
  problems: string[];
  /** How to ask, for the help beside the field. */
  operators: { example: string; meaning: string }[];
}
