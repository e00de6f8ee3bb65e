// What personal data imports hold: names of files, addresses of the firm, and where each mail went.
import { goes, type Link, leadsTo, type PersonalTable, plain, unexported } from '../../lib/personal';

/** That a mail was found stays, so that the sums stay right; which one it was does not. */
const FORGOTTEN = { set: "inbound_mail_id = NULL, ticket_id = NULL, message_id = NULL, tags = '[]'" };
const forgets = (where: string): Link => ({ where, erase: FORGOTTEN, deidentify: 'stay', retain: FORGOTTEN });

export const importTables: PersonalTable[] = [
  {
    table: 'import_runs',
    why: 'running',
    kept: 'work',
    columns: {
      ...plain(
        'id',
        'mailbox_id',
        'state',
        'step',
        'problem',
        'counts',
        'created_at',
        'ended_at',
        'files',
        'size',
        'read_to',
        'undo_step',
        'undo_after',
      ),
      ...leadsTo('agent', 'started_by'),
      ...unexported('anyone', 'contact', 'json', 'options'),
    },
  },
  {
    table: 'import_files',
    why: 'running',
    kept: 'work',
    columns: {
      ...plain('id', 'run_id', 'kind', 'disk_name', 'size', 'read_to'),
      ...unexported('anyone', 'content', 'words', 'name', 'folder'),
    },
  },
  {
    table: 'import_mails',
    why: 'running',
    kept: 'work',
    of: { ticket: forgets('ticket_id = :id'), message: forgets('message_id = :id') },
    columns: {
      ...plain(
        'id',
        'run_id',
        'file_id',
        'starts_at',
        'ends_at',
        'sent_at',
        'thread',
        'is_sent',
        'outcome',
        'reason',
      ),
      ...leadsTo('customer', 'inbound_mail_id', 'ticket_id', 'message_id'),
      ...unexported('anyone', 'content', 'json', 'tags'),
    },
  },
  {
    table: 'import_things',
    why: 'running',
    kept: 'work',
    key: 'kind, thing_id',
    of: {
      ticket: goes("kind = 'ticket' AND thing_id = :id"),
      message: goes("kind = 'message' AND thing_id = :id"),
      customer: goes("kind = 'customer' AND thing_id = :id"),
    },
    columns: { ...plain('run_id', 'kind', 'kept'), ...leadsTo('customer', 'thing_id') },
  },
  {
    table: 'import_threads',
    why: 'answering',
    kept: 'ticket',
    of: { ticket: goes('ticket_id = :id') },
    columns: { ...plain('id'), ...leadsTo('customer', 'ticket_id') },
  },
  {
    table: 'import_ids',
    why: 'answering',
    kept: 'ticket',
    key: 'key_hash',
    of: { ticket: goes('thread IN (SELECT id FROM import_threads WHERE ticket_id = :id)') },
    columns: { ...plain('thread', 'run_id'), ...unexported('customer', 'identifier', 'nothing', 'key_hash') },
  },
];
