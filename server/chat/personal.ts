// What personal data chats hold: the visitor behind a browser and the page they were on. Their words are the ticket's.
import { queryColumn } from '../db';
import { goes, leadsTo, type PersonalDomain, personal, plain, told, unexported } from '../lib/personal';

const findVisitorIds = queryColumn<[customerId: number], string>(
  'SELECT public_id FROM visitors WHERE customer_id = ?',
);

export const chatPersonal: PersonalDomain = {
  name: 'chat',
  tables: [
    {
      table: 'sites',
      why: 'settings',
      kept: 'firm',
      columns: plain(
        'id',
        'public_id',
        'name',
        'origins',
        'colour',
        'language',
        'time_zone',
        'greeting',
        'privacy_notice',
        'mailbox_id',
        'secret',
        'created_at',
        'deleted_at',
      ),
    },
    {
      table: 'visitors',
      why: 'answering',
      kept: 'customer',
      is: 'visitor',
      given: { column: 'customer_id' },
      of: { customer: goes('customer_id = :id') },
      columns: {
        ...plain('id', 'site_id'),
        ...leadsTo('customer', 'customer_id'),
        ...personal('visitor', 'identifier', 'nothing', 'public_id'),
        ...unexported('visitor', 'identifier', 'nothing', 'token_hash'),
        ...personal('visitor', 'technical', 'nothing', 'language', 'time_zone'),
        ...personal('visitor', 'behaviour', 'nothing', 'created_at', 'seen_at'),
      },
    },
    {
      table: 'chats',
      why: 'answering',
      kept: 'ticket',
      of: { ticket: goes('ticket_id = :id'), visitor: { ...goes('visitor_id = :id'), silent: true } },
      columns: {
        ...plain('id', 'ticket_id', 'site_id', 'mailed_sequence', 'mailed_at', 'agent_seen'),
        ...leadsTo('visitor', 'visitor_id'),
        ...leadsTo('agent', 'taken_by'),
        ...personal('visitor', 'behaviour', 'words', 'page'),
        ...personal('visitor', 'behaviour', 'nothing', 'visitor_seen', 'visitor_gone_at'),
        ...told('state', 'queued_at', 'taken_at', 'ended_at'),
      },
    },
  ],
  identify: (app, customerId) => ({ ids: findVisitorIds(app.db, customerId) }),
};
