// What the views of a mail's arrival are given: who vouches for it, why it is here, where else it may belong. Types only.
import type { ShownTime, Translate } from '../../i18n';
import type { Verdict } from '../../mail';
import type { FieldErrors, PageModel } from '../../web';

export interface SenderCheck {
  verdict: Verdict;
  text: string;
}

/** views/tickets/_why */
export interface WhyModel {
  lines: { name: string; text: string; isCode?: boolean; at?: ShownTime; href?: string; action?: string }[];
  /** Where it is moved, for those who may. */
  move?: string;
}

/** views/tickets/place: one form for each ticket it may be moved to, and one for a ticket of its own. */
export interface PlacePage extends PageModel {
  t: Translate;
  action: string;
  ownAction: string;
  back: string;
  author: string;
  at: ShownTime;
  words: string;
  /** It failed the sender check: a warning. */
  isForged: boolean;
  suggestions: { number: number; subject: string; status: string }[];
  values: { ticket: string; subject: string };
  errors: FieldErrors;
}
