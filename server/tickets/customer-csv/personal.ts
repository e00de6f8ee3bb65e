// What personal data a file of customers holds while it is looked at: other people's words about them, kept a week.
import { leadsTo, type PersonalTable, plain, unexported } from '../../lib/personal';

export const customerImportTables: PersonalTable[] = [
  {
    table: 'customer_imports',
    why: 'running',
    kept: 'work',
    columns: {
      ...plain('id', 'state', 'changes_too', 'created_at', 'ended_at'),
      ...leadsTo('agent', 'agent_id'),
    },
  },
  {
    table: 'customer_import_rows',
    why: 'running',
    kept: 'work',
    given: { column: 'customer_id' },
    of: { customer: { where: 'customer_id = :id', erase: 'delete', deidentify: 'delete', retain: 'stay' } },
    columns: {
      ...plain('id', 'import_id', 'line', 'outcome', 'why', 'is_done'),
      ...leadsTo('customer', 'customer_id'),
      // A row in which somebody stands who is erased goes whole, so that they are not made anew from it.
      ...unexported('customer', 'contact', 'row', 'cells', 'changes'),
    },
  },
];
