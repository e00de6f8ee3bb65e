// The words of the map of personal data (P1): what a domain says about each of its tables and columns.
import type { App } from '../app';

/** Whose data a column holds. `anyone`: whoever is written about. */
export type Whose = 'customer' | 'visitor' | 'agent' | 'anyone' | 'none';

/** What kind of data. `reference`: a number that leads to somebody only while their row is there. */
export type Kind = 'identifier' | 'contact' | 'content' | 'behaviour' | 'technical' | 'reference' | 'none';

/** What becomes of a column in rows that stay when somebody is erased: text is searched for them, the rest cannot name them. */
export type Residue = 'nothing' | 'words' | 'json' | 'row';

export interface PersonalColumn {
  whose: Whose;
  kind: Kind;
  /** Stands in the export of the person whose row it is. */
  exported: boolean;
  residue: Residue;
}

/** Why a table is kept (`privacy.why.…`) and for how long (`privacy.kept.…`). */
export type Purpose =
  | 'answering'
  | 'delivery'
  | 'accounts'
  | 'settings'
  | 'running'
  | 'security'
  | 'evidence'
  | 'figures'
  | 'rights';
export type Period =
  | 'ticket'
  | 'customer'
  | 'account'
  | 'firm'
  | 'log'
  | 'tries'
  | 'reads'
  | 'figures'
  | 'export'
  | 'mail'
  | 'evidence'
  | 'hashes'
  | 'work';

/** What rows hang on. A row of the table that `is` one carries its number (for an address: its key). */
export type Thing = 'customer' | 'address' | 'visitor' | 'ticket' | 'message' | 'draft' | 'posting';

/** Why rows go: the person is erased, or only made unrecognisable, or a retention rule ends a ticket. */
export type Ending = 'erase' | 'deidentify' | 'retain';

/** `set` is the list of an UPDATE; it may use :label, :gone and :fresh (a neutral name, a neutral text, a new random id). */
export type Act = 'delete' | 'stay' | { set: string };

/** Rows that hang on a thing: the condition that finds them by :id, and what an ending does with them. */
export interface Link {
  where: string;
  erase: Act;
  deidentify: Act;
  retain: Act;
  /** Left out of exports although it hangs on the person: another link exports the same rows. */
  silent?: boolean;
}

export interface PersonalTable {
  table: string;
  why: Purpose;
  kept: Period;
  /** How rows are told apart when they are read through: columns of its primary key; `id` when not given. */
  key?: string;
  is?: Thing;
  /** The column by which rows hang on a customer, of those for which `where` is true: they go along when two are merged. */
  given?: { column: string; where?: string; key?: string };
  of?: Partial<Record<Thing, Link>>;
  /** A column that names a file on disk, and the folder it lies in. */
  file?: { column: string; folder: 'mail' | 'exports' };
  columns: Record<string, PersonalColumn>;
}

/** What names a person in a domain's rows: to be found nowhere after an erasure. */
export interface Identity {
  /** Addresses and numbers they are reached by. */
  addresses: string[];
  /** Random ids and Message-IDs. */
  ids: string[];
  names: string[];
  /** Each text they wrote. */
  texts: string[];
  /** What a mail of theirs is recognised by when it comes again (P5). */
  mailKeys: string[];
}

export const NOBODY: Readonly<Identity> = { addresses: [], ids: [], names: [], texts: [], mailKeys: [] };

export interface PersonalDomain {
  name: string;
  /** Parents before children. */
  tables: PersonalTable[];
  identify?(app: App, customerId: number): Partial<Identity>;
  /** Tickets on whose page or in whose search document a row stands. */
  ticketsOfRow?(app: App, table: string, id: number): number[];
  /** After rows of a ticket went or changed: what is derived from them follows, in the same transaction. */
  ticketGone?(app: App, ticketId: number): void;
  ticketChanged?(app: App, ticketId: number): void;
}

/** Goes whatever the ending. */
export const goes = (where: string): Link => ({
  where,
  erase: 'delete',
  deidentify: 'delete',
  retain: 'delete',
});

const columns = (names: string[], column: PersonalColumn) =>
  Object.fromEntries(names.map((name) => [name, column]));

/** Nothing about a person: numbers, states, times of the firm's own doing. */
export const plain = (...names: string[]) =>
  columns(names, { whose: 'none', kind: 'none', exported: false, residue: 'nothing' });

/** As `plain`, and part of what the person is given, because it says when and how. */
export const told = (...names: string[]) =>
  columns(names, { whose: 'none', kind: 'none', exported: true, residue: 'nothing' });

/** Leads to a person's row, and nowhere once that is gone. */
export const leadsTo = (whose: Whose, ...names: string[]) =>
  columns(names, { whose, kind: 'reference', exported: false, residue: 'nothing' });

export const personal = (whose: Whose, kind: Kind, residue: Residue, ...names: string[]) =>
  columns(names, { whose, kind, exported: whose !== 'agent', residue });

/** Personal, and no use to the person: hashes, copies of what stands elsewhere. */
export const unexported = (whose: Whose, kind: Kind, residue: Residue, ...names: string[]) =>
  columns(names, { whose, kind, exported: false, residue });
