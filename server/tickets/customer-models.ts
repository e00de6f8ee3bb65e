// What the views of customers are given. Types only, as in page-models.ts.
import type { ShownTime, Translate } from '../i18n';
import type { FieldErrors, PageModel } from '../web';
import type { CustomerNotes } from './customer-notes/page-models';
import type { OwnFields } from './fields/present';
import type { Tabs, TicketLine } from './organizations/page-models';
import type { Choice, Person } from './page-models';

/** views/customers/index */
export interface CustomersPage extends PageModel {
  t: Translate;
  tabs: Tabs;
  q: string;
  customers: { href: string; person: Person; email?: string; since: ShownTime }[];
  more?: string;
  /** The same as a file, and where one comes in; absent for those who may not. */
  file?: string;
  import?: string;
  /** More were found than are shown; what to do about it. */
  cut?: string;
}

/** views/customers/show */
export interface CustomerPage extends PageModel {
  t: Translate;
  person: Person;
  since: ShownTime;
  organization?: { name: string; href: string };
  addresses: { address: string; verified: boolean; how?: string; failing: boolean }[];
  language?: string;
  notes: CustomerNotes;
  /** The firm's own fields, where it has some. */
  fields?: OwnFields;
  tickets: TicketLine[];
  moreTickets?: string;
  /** Art. 18 */
  restrictedSince?: ShownTime;
  holds: { ground: string; reason: string; review: ShownTime }[];
  consents: { purpose: string; given: ShownTime; withdrawn?: ShownTime }[];
  /** Who was merged into this one, and for an hour the way back. */
  merged: { words: string; undo?: string }[];
  merge?: string;
  /** Posts `name`, `language`, `organization` (Art. 16). */
  edit?: {
    action: string;
    values: { name: string; language: string; organization: string };
    languages: Choice[];
    /** Names to choose from. */
    organizations: string[];
    errors: FieldErrors;
  };
  /** Pages of the privacy domain. */
  privacy?: { exportHref: string; eraseHref: string };
}
