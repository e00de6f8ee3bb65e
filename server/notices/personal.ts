// What personal data notices hold: who was told of which ticket, and when they read it. No words: those are the ticket's.
import { goes, leadsTo, type PersonalDomain, personal, plain } from '../lib/personal';
import { forgetMails } from './mail-notices';

export const noticesPersonal: PersonalDomain = {
  name: 'notices',
  tables: [
    {
      table: 'notices',
      why: 'answering',
      kept: 'ticket',
      of: { ticket: goes('ticket_id = :id') },
      columns: {
        ...plain('id', 'event_id', 'kind', 'at', 'is_newest', 'mailed_at', 'mail_id'),
        ...leadsTo('agent', 'agent_id', 'done_by'),
        ...leadsTo('customer', 'ticket_id', 'message_id'),
        ...personal('agent', 'behaviour', 'nothing', 'read_at'),
      },
    },
    {
      table: 'notice_choices',
      why: 'settings',
      kept: 'account',
      key: 'agent_id',
      columns: {
        ...leadsTo('agent', 'agent_id'),
        ...plain('unwanted', 'in_browser', 'mail_since', 'away_minutes', 'with_words', 'last_mailed_at'),
      },
    },
  ],
  ticketGone: forgetMails,
  ticketChanged: forgetMails,
};
