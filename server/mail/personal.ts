// What personal data mail holds: raw mails, the outbox with its recipients, the servers' answers.
import { goes, leadsTo, type PersonalDomain, personal, plain, told, unexported } from '../lib/personal';

/** A retention rule leaves the hash by which the same mail is known again: the mail server may still have it (M3). */
const ONLY_THE_HASH = {
  set: 'header_message_id = NULL, disk_name = NULL, ticket_id = NULL, message_id = NULL',
};
/** The message that was made of it stays; the ledger knows the mail from now on (P5). */
const UNRECOGNISABLE = {
  set: 'header_message_id = NULL, disk_name = NULL, dedupe_key = :fresh, words_hash = NULL',
};

export const mailPersonal: PersonalDomain = {
  name: 'mail',
  tables: [
    {
      table: 'mailboxes',
      why: 'settings',
      kept: 'firm',
      columns: {
        ...plain(
          'id',
          'address',
          'address_key',
          'sender_name',
          'imap',
          'imap_secret',
          'smtp',
          'smtp_secret',
          'first_fetch_days',
          'plus_addresses',
          'reopen_closed',
          'reopen_days',
          'undo_seconds',
          'is_local',
          'last_fetch_at',
          'failing_since',
          'created_at',
          'deleted_at',
          'oauth',
          'is_shared',
        ),
        ...unexported('anyone', 'technical', 'words', 'last_error'),
      },
    },
    {
      table: 'mail_applications',
      why: 'settings',
      kept: 'firm',
      columns: plain('id', 'provider', 'client_id', 'client_secret', 'tenant', 'changed_at'),
    },
    {
      table: 'mail_grants',
      why: 'settings',
      kept: 'firm',
      key: 'mailbox_id',
      columns: {
        ...plain('mailbox_id', 'refresh_token', 'access_token', 'expires_at', 'granted_at', 'problem_at'),
        ...personal('agent', 'contact', 'nothing', 'account'),
        ...unexported('anyone', 'technical', 'words', 'problem'),
      },
    },
    {
      table: 'mail_cursors',
      why: 'running',
      kept: 'firm',
      key: 'mailbox_id, folder',
      columns: plain('mailbox_id', 'folder', 'uid_validity', 'last_uid', 'since_at'),
    },
    {
      table: 'inbound_mails',
      why: 'answering',
      kept: 'mail',
      file: { column: 'disk_name', folder: 'mail' },
      of: {
        ticket: { ...goes('ticket_id = :id'), deidentify: UNRECOGNISABLE, retain: ONLY_THE_HASH },
        message: { ...goes('message_id = :id'), deidentify: UNRECOGNISABLE },
      },
      columns: {
        ...plain(
          'id',
          'mailbox_id',
          'source',
          'folder',
          'uid_validity',
          'uid',
          'disk_name',
          'state',
          'attempts',
          'is_old',
          'done_at',
        ),
        ...unexported('customer', 'identifier', 'nothing', 'header_message_id', 'dedupe_key', 'words_hash'),
        ...leadsTo('customer', 'ticket_id', 'message_id'),
        ...unexported('anyone', 'technical', 'words', 'reason'),
        ...told('size', 'received_at'),
      },
    },
    {
      table: 'outbox',
      why: 'delivery',
      kept: 'ticket',
      is: 'posting',
      of: { message: goes('message_id = :id') },
      columns: {
        ...plain('id', 'mailbox_id', 'kind', 'send_after', 'attempts', 'created_at'),
        ...leadsTo('customer', 'message_id'),
        ...unexported('customer', 'identifier', 'nothing', 'header_message_id'),
        ...personal('customer', 'contact', 'json', 'recipients'),
        ...unexported('customer', 'content', 'json', 'mail'),
        ...personal('anyone', 'technical', 'words', 'last_answer'),
        ...told('state', 'sent_at'),
      },
    },
    {
      table: 'outbox_attempts',
      why: 'evidence',
      kept: 'ticket',
      of: { posting: goes('outbox_id = :id') },
      columns: {
        ...plain('id', 'outbox_id'),
        ...told('at', 'server', 'outcome'),
        ...personal('anyone', 'technical', 'words', 'answer'),
      },
    },
  ],
};
