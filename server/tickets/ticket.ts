// A ticket: one conversation with one customer, whatever channel it came by.
import type { AnswerKind, Authentication } from '../mail';

export const STATUSES = ['new', 'open', 'pending', 'on hold', 'solved', 'closed'] as const;
export type Status = (typeof STATUSES)[number];

export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof PRIORITIES)[number];

export type Channel = 'email' | 'chat' | 'form';
export type DeliveryState =
  | 'held'
  | 'waiting'
  | 'handing over'
  | 'sent'
  | 'uncertain'
  | 'failed'
  | 'dismissed';

export interface Ticket {
  id: number;
  number: number;
  subject: string;
  status: Status;
  priority: Priority;
  is_spam: number;
  channel: Channel;
  customer_id: number;
  mailbox_id: number | null;
  alias_id: number | null;
  team_id: number | null;
  assignee_id: number | null;
  sequence: number;
  changed_sequence: number;
  visitor_sequence: number;
  excerpt: string;
  awaits_us: number;
  chat_state: 'queued' | 'active' | 'ended' | 'missed' | null;
  undelivered: number;
  linked_ticket_id: number | null;
  merged_into_id: number | null;
  created_at: number;
  activity_at: number;
  solved_at: number | null;
  closed_at: number | null;
  snoozed_at: number | null;
  snoozed_until: number | null;
  snoozed_by: number | null;
  deleted_at: number | null;
}

export interface MessageRow {
  id: number;
  ticket_id: number;
  sequence: number;
  visitor_sequence: number | null;
  kind: 'reply' | 'note' | 'system';
  author_kind: 'customer' | 'agent' | 'system';
  author_id: number | null;
  author_name: string;
  channel: Channel;
  client_id: string | null;
  words: string;
  quote: string;
  signature: string;
  html_kind: 'simple' | 'rich' | null;
  html_words: string | null;
  html_quote: string | null;
  html_signature: string | null;
  sanitiser_version: number | null;
  facts: string;
  state: DeliveryState;
  delivery_answer: string | null;
  delivered_at: number | null;
  send_after: number | null;
  is_automatic: number;
  sender_state: 'accepted' | 'unverified';
  inbound_mail_id: number | null;
  created_at: number;
  edited_at: number | null;
}

/** How a mail found its ticket (M6), shown beside the message. */
export type ThreadRule =
  | 'new'
  | 'reply address'
  | 'our id'
  | 'quoted marker'
  | 'their id'
  | 'subject number'
  | 'choice'
  | 'forwarded'
  | 'closed ticket'
  | 'crowded ticket'
  | 'not trusted';

/** What sending a reply has changed; only what was different before. */
export interface DoneDeeds {
  priority?: { from: Priority; to: Priority };
  tag?: string;
  take?: { from: number | null };
}
/** Its mail server said so, it lay in the folder for spam, or it failed the sender check. */
export type SpamReason = 'header' | 'folder' | 'failed';

/** Somebody who came onto a ticket by a mail to them, or was something else on it before. */
export interface JoinedPerson {
  id: number;
  was?: { role: 'requester' | 'copy' | 'third'; state: 'accepted' | 'unverified' | 'suggested' | 'removed' };
}

/** What went to a third person. */
export interface Forwarded {
  to: string[];
  /** The message, or the whole conversation. */
  message?: number;
  /** Attachments of the original that were chosen, and what they are on this message. */
  files: { of: number; here: number }[];
}

/** The JSON beside a message: what is shown about it, never what it says. */
export interface MessageFacts {
  rule?: ThreadRule;
  /** What led it there: see filing/thread.ts. */
  evidence?: { text: string; message?: number };
  /** Who wrote it, as far as somebody looked (AC-15). */
  authentication?: Authentication;
  /** The rules that ran when it came, by the names they had. */
  rules?: { id: number; name: string }[];
  /** Why it was marked as spam when it came. */
  spam?: SpamReason;
  from?: { name: string; address: string };
  /** An agent wrote it in another mail program; it was found among the sent mails (M14). */
  sentElsewhere?: true;
  /** The agent who passed it on (M15). */
  forwardedBy?: { name: string; address: string };
  /** Whom a form wrote for, where that is not whom From names (M9). */
  sender?: string;
  to?: string[];
  cc?: string[];
  /** For agents' eyes only. */
  bcc?: string[];
  /** Whom a reply brought onto the ticket, likewise for an undo. */
  joined?: JoinedPerson[];
  /** When it is to leave, where its author chose that. */
  later?: number;
  forwarded?: Forwarded;
  /** Colleagues whom a note names, as it is written. */
  mentions?: { id: number; as: string }[];
  /** It answers what was forwarded as that message; its author is not on the ticket. */
  third?: { forward: number; address?: string };
  automatic?: string;
  unreadable?: string;
  maskedCards?: number;
  remoteImages?: boolean;
  /** What a reply did to its ticket's status, so that an undo can put it back (O4). */
  moved?: { from: Status; to: Status };
  /** What it did besides, likewise. */
  done?: DoneDeeds;
  /** Who decided that a mail which was not delivered stays so. */
  dismissedBy?: string;
  /** A mail that nobody wrote went out with this line. */
  answer?: AnswerKind;
  /** System lines: a key of the catalogue and its values; `at` is a time in ms. */
  says?: { key: string; values: Record<string, string | number> };
}

export const factsOf = (message: MessageRow): MessageFacts => JSON.parse(message.facts) as MessageFacts;

const EXCERPT = 140;

/** The first words for the list: one line, cut at a word. */
export function excerptOf(words: string): string {
  const line = words
    .slice(0, EXCERPT * 4)
    .replace(/\s+/g, ' ')
    .trim();
  if (line.length <= EXCERPT) return line;
  const cut = line.slice(0, EXCERPT);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), EXCERPT - 30)).toWellFormed()}…`;
}

/** A subject is one line without control characters; an empty one says so in the page, not here (AC-31). */
export function cleanSubject(subject: string): string {
  return [
    ...subject
      .replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  ]
    .slice(0, 500)
    .join('');
}

export const isOpen = (status: Status) => status !== 'solved' && status !== 'closed';
