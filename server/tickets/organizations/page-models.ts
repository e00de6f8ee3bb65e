// What the views of organizations are given. Types only, as in page-models.ts above.
import type { ShownTime, Translate } from '../../i18n';
import type { FieldErrors, PageModel } from '../../web';
import type { Person } from '../page-models';

/** Customers and organizations stand beside each other. */
export type Tabs = { href: string; text: string; current: boolean }[];

/** views/organizations/index */
export interface OrganizationsPage extends PageModel {
  t: Translate;
  tabs: Tabs;
  q: string;
  organizations: { href: string; person: Person; domains: string; customers: string }[];
  more?: string;
  cut?: string;
  /** The same as a file; absent for those who may not. */
  file?: string;
  /** Where one is made; absent for those who may not. */
  create?: string;
}

/** Posts `name`, `domains`, `notes`. */
export interface OrganizationForm {
  action: string;
  values: { name: string; domains: string; notes: string };
  errors: FieldErrors;
}

/** views/organizations/new */
export interface NewOrganizationPage extends PageModel {
  t: Translate;
  edit: OrganizationForm;
  back: string;
}

/** One line of a list of tickets on the page of a customer or an organization. */
export interface TicketLine {
  number: number;
  subject: string;
  /** On the page of an organization: whose it is. */
  customer?: string;
  status: string;
  isDone: boolean;
  at: ShownTime;
}

/** views/organizations/show */
export interface OrganizationPage extends PageModel {
  t: Translate;
  person: Person;
  since: ShownTime;
  domains: string[];
  notes: string;
  tickets: TicketLine[];
  moreTickets?: string;
  customers: { href: string; person: Person; email?: string; since: ShownTime }[];
  moreCustomers?: string;
  /** Who is known by an address at one of its domains and belongs nowhere. */
  offer?: { action: string; words: string; submit: string };
  edit?: OrganizationForm;
  removal?: string;
}

/** views/organizations/removal */
export interface OrganizationRemovalPage extends PageModel {
  t: Translate;
  words: string;
  action: string;
  back: string;
}
