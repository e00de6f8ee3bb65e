// What reading a raw mail comes to: safe, readable, and in one shape whoever sent it.
import type { Authentication } from './authentication';

/** One person; the address passed `validAddress`, the name is plain text on one line. */
export interface Address {
  name: string;
  address: string;
}

export interface ParsedMail {
  /** Ids stand without <>. */
  messageId?: string;
  inReplyTo: string[];
  /** Oldest first; of a very long list only the newest. */
  references: string[];
  from?: Address;
  /** What stands in From when it is no single plain address; never used, only shown. */
  fromText?: string | undefined;
  sender?: Address;
  replyTo: Address[];
  to: Address[];
  cc: Address[];
  /** Where the last servers say they delivered it. */
  deliveredTo: string[];
  /** null is the empty path <> of mail that must not be answered; undefined when no server noted one. */
  returnPath?: string | null;
  /** What stood where an address should, cut short; never used, only shown. */
  droppedAddresses: string[];
  subject: string;
  /** By the sender's clock, in ms UTC; undefined when unreadable. */
  sentAt?: number;

  /** Plain text: the new words, the quoted history, the signature (M12). */
  words: string;
  quote: string;
  signature: string;
  /** The same three as sanitised HTML; images come to life in `withImages`. */
  html?: MailHtml;

  /** Why it counts as automatic mail (M9). */
  automatic?: AutomaticReason;
  /** Its only sign is `auto-generated`, and it has a Reply-To: a form's mail when its From is one of ours (M9). */
  formSender: boolean;
  bounce?: Bounce;
  /** `hd-` and 32 hexadecimal digits, found anywhere in the body (M6c): candidates, to be looked up. */
  markers: string[];
  /** Values of our loop header (M11). */
  loops: string[];
  /** Authentication-Results as they stand, the newest first; anybody can write them (AC-15). */
  authenticationResults: string[];
  /** What our own checks found, where the mailbox asks for them. */
  checked?: Authentication;
  /** What its headers say about spam, by whoever wrote them (AC-19): a reader of a trusted server's asks for it. */
  calledSpam: boolean;

  attachments: MailAttachment[];
  /** How many card numbers were masked; the raw mail holds them still (P11). */
  maskedCards: number;
  /** Something is missing here that the raw file has (M13). */
  unreadable?: { reason: UnreadableReason };
  /** Of the raw mail, in bytes. */
  size: number;
}

export interface MailHtml {
  /** simple may stand in the page, rich needs a frame of its own (DESIGN 4). */
  kind: 'simple' | 'rich';
  words: string;
  quote: string;
  signature: string;
  sanitiserVersion: number;
}

export interface MailAttachment {
  /** Cleaned for showing and saving (AC-05). */
  name: string;
  declaredType: string;
  /** By the bytes themselves; empty when they tell nothing. */
  type: string;
  contentId?: string;
  /** The HTML shows it. */
  inline: boolean;
  content: Uint8Array;
  size: number;
}

/** A mail that came back (M10). */
export interface Bounce {
  recipient?: string;
  /** RFC 3463, like 5.1.1. */
  status?: string;
  /** Trying again will not help. */
  permanent: boolean;
  /** The server's own words. */
  text: string;
  originalMessageId?: string;
}

export type AutomaticReason =
  | 'bounce'
  | 'receipt'
  | 'auto-submitted'
  | 'auto-reply'
  | 'response-suppressed'
  | 'bulk'
  | 'list'
  | 'no-return-path';

export type UnreadableReason =
  /** Reading was stopped. */
  | 'took-too-long'
  | 'too-much-memory'
  | 'parser-failed'
  /** Read in part. */
  | 'too-many-headers'
  | 'too-many-parts'
  | 'too-deep'
  | 'text-cut'
  | 'html-too-heavy'
  /** Read, and closed to us. */
  | 'encrypted'
  /** There was nothing to read. */
  | 'empty';
