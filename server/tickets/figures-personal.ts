// The tables that only count: they name nobody, so no export and no erasure reaches them.
import { type PersonalTable, plain } from '../lib/personal';

export const figureTables: PersonalTable[] = [
  {
    table: 'ticket_counts',
    why: 'figures',
    kept: 'work',
    key: 'mailbox_id, team_id, assignee_id, status',
    columns: plain('mailbox_id', 'team_id', 'assignee_id', 'status', 'n'),
  },
  {
    table: 'daily_facts',
    why: 'figures',
    kept: 'figures',
    key: 'day, fact, channel, mailbox_id, team_id',
    columns: plain('day', 'fact', 'channel', 'mailbox_id', 'team_id', 'n'),
  },
];
