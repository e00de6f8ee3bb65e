// What the views of privacy are given. Everything is in the reader's words.
import type { ShownTime, Translate } from '../i18n';
import type { FieldErrors, PageModel } from '../web';

export interface Cell {
  text?: string;
  href?: string;
  at?: ShownTime;
  chip?: 'good' | 'late' | 'live' | 'plain';
}

/** shared/table */
export interface Table {
  caption: string;
  columns: { text: string; number?: boolean }[];
  rows: Cell[][];
}

export interface Fact {
  name: string;
  value?: string;
  at?: ShownTime;
}

interface Base extends PageModel {
  t: Translate;
}

/** views/privacy/index */
export interface PrivacyPage extends Base {
  /** Looking for somebody by their address. */
  find: { address: string; errors: FieldErrors };
  exports?: Table;
  erasures?: Table;
  /** Erasures that somebody should look at. */
  waiting: { text: string; href: string; action: string }[];
  rules: Fact[];
}

/** views/privacy/copied */
export interface CopiedPage extends Base {
  address: string;
  exportHref: string;
  eraseHref: string;
  tickets: Table | undefined;
}

/** views/privacy/map */
export interface MapPage extends Base {
  domains: {
    name: string;
    tables: { name: string; table: string; why: string; kept: string; columns: Table }[];
  }[];
}

/** views/privacy/export-new */
export interface NewExportPage extends Base {
  action: string;
  back: string;
  contents: Fact[];
  notes: { id: number; at: ShownTime; ticket: number; words: string; checked: boolean }[];
  reason: string;
  errors: FieldErrors;
}

/** views/privacy/export */
export interface ExportPage extends Base {
  state: 'running' | 'done' | 'failed';
  progress: { done: number; total: number; text: string };
  download?: { href: string; size: string; until: ShownTime };
  customer?: { href: string; name: string };
}

/** views/privacy/erase */
export interface ErasePage extends Base {
  action: string;
  back: string;
  holds: { ground: string; reason: string; review: ShownTime }[];
  own: Fact[];
  elsewhere: Fact[];
  remarks: string[];
  /** What has to be typed: their address, or their name when there is none. */
  typeThis: string;
  lastCopyGone?: string;
  kinds: { value: string; text: string; hint: string }[];
  others: { value: string; text: string; hint: string }[];
  grounds: { value: string; text: string }[];
  /** Visitors of chats who typed the same address and proved nothing. */
  claimants?: string;
  /** Mails of theirs that lie on mail servers. */
  onServer?: string;
  values: {
    kind: string;
    othersFiles: string;
    ground: string;
    typed: string;
    claimants: boolean;
    alsoOnServer: boolean;
  };
  errors: FieldErrors;
}

/** views/privacy/_owed */
export interface Owed {
  again: string;
  mails?: { text: string; leave: string };
  /** Folders that have not got the ledger yet. */
  places: string[];
  goneAction: string;
  /** Places with a name that somebody else bears too. */
  namesakes?: {
    action: string;
    text: string;
    hits: NamesakeHit[];
    /** Tick for all of them, also those that are not shown. */
    all?: string;
  };
}

export interface NamesakeHit {
  value: string;
  ticket?: { href: string; number: string };
  kind: string;
  before: string;
  name: string;
  after: string;
}

/** views/privacy/erasure */
export interface ErasurePage extends Base {
  state: 'running' | 'waiting' | 'done' | 'failed';
  steps: { text: string; state: 'done' | 'now' | 'later' }[];
  failure?: { text: string; places: string[]; again?: string };
  /** Why it is not done although the data folder is clean. */
  owed?: Owed;
  certificate?: { href: string; facts: Fact[]; removed: Fact[]; kept: Fact[]; notSearched: string[] };
}

/** views/privacy/retention */
export interface RetentionPage extends Base {
  action: string;
  runAction?: string;
  days: string;
  on: boolean;
  suggestion: string;
  errors: FieldErrors;
  preview?: { days: string; facts: Fact[]; samples: Table | undefined };
  runs?: Table;
  failed?: string;
}

/** views/privacy/backups */
export interface BackupsPage extends Base {
  action: string;
  backups?: Table;
  state: { kind: 'good' | 'warn' | 'error' | 'info'; text: string };
  goneAction: string;
  places: {
    place: string;
    state: { text: string; chip: 'good' | 'late' };
    copies: string;
    /** Copies that are not where they were put. */
    missing?: string;
  }[];
  restored?: string;
}
