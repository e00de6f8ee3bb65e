// What the views of the list are given. Types only: present-list.ts fills them, views/ shows them.
import type { ShownTime, Translate } from '../i18n';
import type { PageModel } from '../web';
import type { BulkChoices } from './bulk/page-models';
import type { Person } from './page-models';

/** views/tickets/_row: kept as a fragment, so nothing here depends on who is current or which view is open. */
export interface RowModel {
  number: number;
  /** "Choose #1040", of its checkbox. */
  pick: string;
  /** "Unread", for screen readers; absent when read. */
  unread?: string;
  customer: string;
  subject: string;
  words: string;
  channel: 'email' | 'chat' | 'form';
  /** "By e-mail", for screen readers. */
  channelText: string;
  at: ShownTime;
  /** `away`: "Ben is away", spoken instead of the name. */
  assignee?: Person & { away?: string };
  /** At most one. `late`: overdue or not delivered; `live`: a chat waits; `good`: solved; `plain`: anything else. */
  chip?: { kind: 'late' | 'live' | 'good' | 'plain'; text: string };
}

/** The standard views have no title. */
export interface ViewGroup {
  title?: string;
  /** Where a view is made. */
  create?: string;
  /** `edit` leads to what the current one asks for. */
  views: { href: string; text: string; count: string; current: boolean; edit?: string }[];
}

/** views/tickets/_inbox: the views and the list, as one frame that can be fetched alone from `/tickets/list`. */
export interface InboxModel {
  t: Translate;
  views: ViewGroup[];
  /** Name of the current view. */
  title: string;
  /** Where this very frame is fetched again: `/tickets/list?view=mine`. */
  src: string;
  /** 36 instead of 56 px a row. */
  compact: boolean;
  /** The reader's own id, so that they are not told where they are themselves (W1). */
  me: number;
  /** Where the rows come in, each from views/tickets/_row. */
  rowsHtml: string;
  isEmpty: boolean;
  /** What to do when the view is empty; a link where there is one. */
  empty: { title: string; words: string; href?: string; action?: string } | undefined;
  /** The page after this one, by key: `/tickets?view=mine&after=…`, and the same below `/tickets/list`. */
  more?: { href: string; src: string };
  /** `/tickets/new`, for those who may. */
  create?: string;
  /** What can be done to those that are chosen, or to everything in the list; absent for readers. */
  bulk: { list: string; choices: BulkChoices; everything: string } | undefined;
  /** The outbox, with how many mails wait for a decision. */
  outbox: { href: string; text: string; count?: string };
}

/** views/tickets/index */
export interface InboxPage extends PageModel {
  t: Translate;
  inbox: InboxModel;
}
