// What the view of merging customers is given. Types only, as in page-models.ts above.
import type { ShownTime, Translate } from '../../i18n';
import type { PageModel } from '../../web';
import type { Person } from '../page-models';

/** One of the two, as far as it tells them apart. */
export interface MergeSide {
  id: string;
  person: Person;
  addresses: string;
  /** What goes along, or is joined: "3 tickets · 1 chat". */
  facts: string;
  since: ShownTime;
  isChosen: boolean;
}

/** views/customers/merge. Posts `with` and `into`, each a customer's id. */
export interface CustomerMergePage extends PageModel {
  t: Translate;
  action: string;
  error?: string;
  /** Both, once the other is chosen. */
  sides: MergeSide[];
  /** The other's id. */
  other?: string;
  q: string;
  /** Who could be the other: those of the same name, or who was looked for. */
  found: { href: string; person: Person; email?: string; since: ShownTime }[];
  back: string;
}
