// What personal data the marks of moved messages hold: which tickets, and who moved them.
import { leadsTo, type PersonalTable, plain } from '../../lib/personal';

export const movesTable: PersonalTable = {
  table: 'moved_messages',
  why: 'answering',
  kept: 'ticket',
  of: {
    ticket: {
      where: ':id IN (from_ticket_id, to_ticket_id)',
      erase: 'delete',
      deidentify: 'stay',
      retain: 'delete',
    },
    message: { where: 'message_id = :id', erase: 'delete', deidentify: 'stay', retain: 'delete' },
  },
  columns: {
    ...plain('id', 'created_at'),
    ...leadsTo('customer', 'message_id', 'from_ticket_id', 'to_ticket_id'),
    ...leadsTo('agent', 'moved_by'),
  },
};
