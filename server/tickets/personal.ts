// What personal data tickets hold, and what export, erasure and retention do with it. The core of the map (P1).
import { type Db, queryColumn } from '../db';
import {
  goes,
  type Link,
  leadsTo,
  type PersonalDomain,
  personal,
  plain,
  told,
  unexported,
} from '../lib/personal';
import { bulkTables } from './bulk/personal';
import { customerImportTables } from './customer-csv/personal';
import { refreshExcerpt } from './excerpt';
import { figureTables } from './figures-personal';
import { identifyOnTickets } from './filing/identify';
import { movesTable } from './filing/personal';
import { signalTicket } from './live';
import { macrosTable } from './macros/personal';
import { mergesTable } from './merging/personal';
import { importTables } from './moving-in/personal';
import { rulesTable } from './rules/personal';
import { indexTicket } from './search/write-index';
import { viewTables } from './views/personal';

/** On tickets of others the row stays, so that the ticket stays whole; who wrote it and what it said does not. */
const AUTHORED: Link = {
  where: "author_kind = 'customer' AND author_id = :id",
  erase: {
    set: `author_id = NULL, author_name = :label, words = :gone, quote = '', signature = '', html_kind = NULL, html_words = NULL,
          html_quote = NULL, html_signature = NULL, sanitiser_version = NULL, client_id = NULL, delivery_answer = NULL,
          inbound_mail_id = NULL, facts = json_remove(facts, '$.from', '$.sender', '$.to', '$.cc', '$.evidence', '$.authentication', '$.third.address')`,
  },
  deidentify: {
    set: `author_name = :label, signature = '', html_kind = NULL, html_words = NULL, html_quote = NULL, html_signature = NULL,
          sanitiser_version = NULL, client_id = NULL, inbound_mail_id = NULL, facts = json_remove(facts, '$.from', '$.sender', '$.to', '$.cc', '$.evidence', '$.authentication', '$.third.address')`,
  },
  retain: 'stay',
};

const NO_LONGER_ON_IT = {
  set: "customer_id = NULL, address = NULL, address_key = NULL, name = :label, state = 'removed'",
};

/** Rows that go with their ticket, and stay when the ticket stays. */
const withTicket = (where = 'ticket_id = :id'): Link => ({
  where,
  erase: 'delete',
  deidentify: 'stay',
  retain: 'delete',
});

const OF_CUSTOMERS = "field_id IN (SELECT id FROM custom_fields WHERE subject_kind = 'customer')";

export const ticketsPersonal: PersonalDomain = {
  name: 'tickets',
  tables: [
    { table: 'ticket_numbers', why: 'running', kept: 'work', columns: plain('id', 'last') },
    {
      table: 'tickets',
      why: 'answering',
      kept: 'ticket',
      is: 'ticket',
      given: { column: 'customer_id' },
      of: {
        customer: { where: 'customer_id = :id', erase: 'delete', deidentify: 'stay', retain: 'stay' },
        ticket: { ...withTicket('id = :id'), silent: true },
      },
      columns: {
        ...plain(
          'id',
          'is_spam',
          'mailbox_id',
          'alias_id',
          'team_id',
          'sequence',
          'changed_sequence',
          'visitor_sequence',
          'awaits_us',
          'undelivered',
          'linked_ticket_id',
          'merged_into_id',
          'snoozed_at',
          'snoozed_until',
          'deleted_at',
        ),
        ...leadsTo('customer', 'customer_id'),
        ...leadsTo('agent', 'assignee_id', 'snoozed_by'),
        ...personal('customer', 'content', 'words', 'subject'),
        ...unexported('customer', 'content', 'words', 'excerpt'),
        ...told(
          'number',
          'status',
          'priority',
          'channel',
          'chat_state',
          'created_at',
          'activity_at',
          'solved_at',
          'closed_at',
        ),
      },
    },
    {
      table: 'messages',
      why: 'answering',
      kept: 'ticket',
      is: 'message',
      given: { column: 'author_id', where: "author_kind = 'customer'" },
      of: { ticket: withTicket(), customer: AUTHORED },
      columns: {
        ...plain(
          'ticket_id',
          'visitor_sequence',
          'html_kind',
          'sanitiser_version',
          'send_after',
          'is_automatic',
          'edited_at',
        ),
        ...leadsTo('anyone', 'author_id', 'inbound_mail_id'),
        ...unexported('anyone', 'technical', 'nothing', 'client_id'),
        ...personal('anyone', 'contact', 'words', 'author_name'),
        ...personal('anyone', 'content', 'words', 'words', 'quote', 'signature'),
        // The same words once more with their layout: exports carry the text.
        ...unexported('anyone', 'content', 'words', 'html_words', 'html_quote', 'html_signature'),
        ...personal('anyone', 'contact', 'json', 'facts'),
        ...personal('anyone', 'technical', 'words', 'delivery_answer'),
        ...told(
          'id',
          'sequence',
          'kind',
          'author_kind',
          'channel',
          'state',
          'delivered_at',
          'sender_state',
          'created_at',
        ),
      },
    },
    {
      table: 'thread_keys',
      why: 'answering',
      kept: 'ticket',
      key: 'key_hash, kind, ticket_id, message_id',
      // Without them nothing that is sent later joins by itself: new mail opens a new ticket (P5).
      of: { ticket: goes('ticket_id = :id'), message: goes("message_id = :id AND kind <> 'ours'") },
      columns: {
        ...plain('kind', 'mailbox_id', 'created_at'),
        ...leadsTo('customer', 'ticket_id', 'message_id'),
        ...unexported('customer', 'identifier', 'nothing', 'key_hash'),
      },
    },
    movesTable,
    {
      table: 'participants',
      why: 'answering',
      kept: 'ticket',
      given: { column: 'customer_id' },
      of: {
        ticket: withTicket(),
        customer: {
          where: 'customer_id = :id',
          erase: NO_LONGER_ON_IT,
          deidentify: NO_LONGER_ON_IT,
          retain: 'stay',
        },
        address: {
          where: 'address_key = :id',
          erase: NO_LONGER_ON_IT,
          deidentify: NO_LONGER_ON_IT,
          retain: 'stay',
          silent: true,
        },
      },
      columns: {
        ...plain('id', 'ticket_id'),
        ...leadsTo('customer', 'customer_id'),
        ...personal('anyone', 'contact', 'words', 'address', 'name'),
        ...unexported('anyone', 'contact', 'nothing', 'address_key'),
        ...told('role', 'state', 'created_at'),
      },
    },
    {
      table: 'tags',
      why: 'answering',
      kept: 'firm',
      columns: {
        ...plain('id', 'colour', 'created_at'),
        ...unexported('anyone', 'content', 'row', 'name', 'name_key'),
      },
    },
    {
      table: 'ticket_tags',
      why: 'answering',
      kept: 'ticket',
      key: 'ticket_id, tag_id',
      of: { ticket: withTicket() },
      columns: plain('ticket_id', 'tag_id'),
    },
    {
      table: 'ticket_followers',
      why: 'answering',
      kept: 'ticket',
      key: 'ticket_id, agent_id',
      of: { ticket: withTicket() },
      columns: { ...plain('ticket_id'), ...leadsTo('agent', 'agent_id') },
    },
    mergesTable,
    {
      table: 'drafts',
      why: 'answering',
      kept: 'ticket',
      is: 'draft',
      of: { ticket: withTicket() },
      columns: {
        ...plain('id', 'public_id', 'ticket_id', 'kind', 'writer', 'updated_at'),
        ...leadsTo('agent', 'agent_id'),
        ...unexported('anyone', 'content', 'words', 'words'),
        ...unexported('anyone', 'content', 'json', 'deeds'),
        ...unexported('anyone', 'contact', 'json', 'recipients'),
      },
    },
    macrosTable,
    rulesTable,
    {
      table: 'custom_fields',
      why: 'settings',
      kept: 'firm',
      columns: plain('id', 'place', 'subject_kind', 'name', 'type', 'options', 'is_needed', 'created_at'),
    },
    {
      table: 'custom_field_values',
      why: 'answering',
      kept: 'ticket',
      key: 'field_id, subject_id',
      // A value that both have stays with each.
      given: { column: 'subject_id', where: OF_CUSTOMERS, key: 'field_id' },
      of: {
        ticket: withTicket(
          "subject_id = :id AND field_id IN (SELECT id FROM custom_fields WHERE subject_kind = 'ticket')",
        ),
        customer: goes(`subject_id = :id AND ${OF_CUSTOMERS}`),
      },
      columns: {
        ...told('field_id'),
        ...leadsTo('customer', 'subject_id'),
        ...personal('customer', 'content', 'words', 'text_value'),
        ...personal('customer', 'content', 'nothing', 'number_value'),
      },
    },
    ...viewTables,
    ...bulkTables,
    ...importTables,
    ...customerImportTables,
    ...figureTables,
    {
      table: 'ticket_index',
      why: 'answering',
      kept: 'ticket',
      key: 'rowid',
      // Follows the rows (ticketGone, ticketChanged); what was deleted leaves it with a merge to the end.
      columns: {
        ...unexported('anyone', 'content', 'nothing', 'words'),
        ...unexported('anyone', 'contact', 'nothing', 'sender', 'receiver'),
        ...plain('marks'),
      },
    },
    { table: 'index_changes', why: 'running', kept: 'work', key: 'ticket_id', columns: plain('ticket_id') },
  ],
  identify: identifyOnTickets,
  ticketsOfRow: (app, table, id) => TICKETS_OF[table]?.(app.db, id) ?? [],
  ticketGone: indexTicket,
  ticketChanged(app, id) {
    refreshExcerpt(app, id);
    indexTicket(app, id);
    signalTicket(app, id);
  },
};

/** Where the rows of a table are shown or found. */
const TICKETS_OF: Record<string, (db: Db, id: number) => number[]> = {
  tickets: (_db, id) => [id],
  messages: queryColumn<[id: number], number>('SELECT ticket_id FROM messages WHERE id = ?'),
  participants: queryColumn<[id: number], number>('SELECT ticket_id FROM participants WHERE id = ?'),
  tags: queryColumn<[id: number], number>('SELECT ticket_id FROM ticket_tags WHERE tag_id = ?'),
  customers: queryColumn<[id: number], number>('SELECT id FROM tickets WHERE customer_id = ?'),
  attachments: queryColumn<[id: number], number>(`
    SELECT ticket_id FROM attachments JOIN messages ON messages.id = owner_id WHERE attachments.id = ? AND owner_kind = 'message'`),
};
