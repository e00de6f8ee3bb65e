// What personal data changes of many tickets hold: who asked for them, and which tickets they were.
import { leadsTo, type PersonalTable, plain, unexported } from '../../lib/personal';

export const bulkTables: PersonalTable[] = [
  {
    table: 'bulk_runs',
    why: 'running',
    kept: 'work',
    columns: {
      ...plain(
        'id',
        'list',
        'edition_id',
        'cursor',
        'undoes_id',
        'state',
        'total',
        'changed',
        'same',
        'refused',
        'created_at',
        'ended_at',
      ),
      ...leadsTo('agent', 'agent_id'),
      ...unexported('anyone', 'content', 'json', 'change'),
    },
  },
  {
    table: 'bulk_items',
    why: 'running',
    kept: 'work',
    key: 'run_id, ticket_id',
    of: { ticket: { where: 'ticket_id = :id', erase: 'delete', deidentify: 'stay', retain: 'delete' } },
    columns: plain('run_id', 'ticket_id', 'seen', 'outcome'),
  },
];
