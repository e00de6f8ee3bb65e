// A mailbox: an e-mail address that Hearthdesk reads and sends from.
import type { OAuthProviderName } from './oauth/provider';

/** Who says whether a mail is by whom it says it is: nobody, the server that received it, or Hearthdesk itself (AC-15). */
export const AUTHENTICATION_CHOICES = ['server', 'own', 'none'] as const;
export type AuthenticationChoice = (typeof AUTHENTICATION_CHOICES)[number];

export interface MailboxRow {
  id: number;
  address: string;
  address_key: string;
  sender_name: string;
  imap: string | null;
  imap_secret: Buffer | null;
  smtp: string | null;
  smtp_secret: Buffer | null;
  first_fetch_days: number;
  plus_addresses: number;
  reopen_closed: 'always' | 'days' | 'never';
  reopen_days: number;
  undo_seconds: number;
  is_local: number;
  authentication: AuthenticationChoice;
  authserv_id: string | null;
  authserv_seen: string | null;
  spam_by_header: number;
  spam_by_failure: number;
  last_fetch_at: number | null;
  last_error: string | null;
  /** Where it failed, as a refusal says it. */
  last_stage: string | null;
  failing_since: number | null;
  next_try_at: number | null;
  keep_sent: number;
  read_sent: number;
  created_at: number;
  deleted_at: number | null;
  /** Where it signs in without a password. */
  oauth: OAuthProviderName | null;
  is_shared: number;
  reads_junk: number;
  junk_folder: string | null;
  /** JSON lists of names. */
  folders: string;
  missing_folders: string;
  only_reads: number;
}

/** Whether mails leave from it. */
export const maySend = (mailbox: Pick<MailboxRow, 'smtp' | 'only_reads'>): boolean =>
  mailbox.smtp !== null && mailbox.only_reads === 0;

/** The address of the built-in mailbox that `deliver` uses before any other exists; no mail leaves from it. */
export const LOCAL_ADDRESS = 'desk@localhost.invalid';
