// What personal data merges of tickets hold: who merged them. The row goes with either of the two.
import { leadsTo, type PersonalTable, plain } from '../../lib/personal';

export const mergesTable: PersonalTable = {
  table: 'merges',
  why: 'answering',
  kept: 'ticket',
  key: 'ticket_id',
  of: {
    ticket: {
      where: 'ticket_id = :id OR into_id = :id',
      erase: 'delete',
      deidentify: 'stay',
      retain: 'delete',
    },
  },
  columns: { ...plain('ticket_id', 'into_id', 'merged_at', 'added'), ...leadsTo('agent', 'merged_by') },
};
