// What personal data saved views hold: names that agents gave them, domains they ask for, and which tickets they found.
import { leadsTo, type PersonalTable, plain, unexported } from '../../lib/personal';

export const viewTables: PersonalTable[] = [
  {
    table: 'saved_views',
    why: 'settings',
    kept: 'firm',
    columns: {
      ...plain('id', 'edition_id', 'created_at'),
      ...leadsTo('agent', 'agent_id', 'created_by'),
      ...unexported('anyone', 'content', 'words', 'name'),
      ...unexported('anyone', 'content', 'json', 'definition'),
    },
  },
  {
    table: 'view_editions',
    why: 'settings',
    kept: 'work',
    columns: plain('id', 'left_to_fill', 'to_fill', 'checked_at'),
  },
  {
    table: 'view_tickets',
    why: 'answering',
    kept: 'ticket',
    key: 'ticket_id, edition_id, viewer_id',
    of: { ticket: { where: 'ticket_id = :id', erase: 'delete', deidentify: 'stay', retain: 'delete' } },
    columns: {
      ...plain('ticket_id', 'edition_id', 'sort_key', 'team_id', 'assignee_id'),
      ...leadsTo('agent', 'viewer_id'),
    },
  },
  {
    table: 'view_counts',
    why: 'figures',
    kept: 'work',
    key: 'viewer_id, edition_id, team_id, assignee_id',
    columns: plain('viewer_id', 'edition_id', 'team_id', 'assignee_id', 'n'),
  },
  {
    table: 'view_changes',
    why: 'running',
    kept: 'work',
    key: 'ticket_id',
    columns: plain('ticket_id'),
  },
];
