// What personal data macros hold: whoever wrote one may have named somebody in it.
import { leadsTo, type PersonalTable, plain, unexported } from '../../lib/personal';

export const macrosTable: PersonalTable = {
  table: 'macros',
  why: 'answering',
  kept: 'firm',
  columns: {
    ...plain('id', 'public_id', 'status', 'priority', 'takes', 'created_at', 'updated_at'),
    ...leadsTo('agent', 'agent_id'),
    ...unexported('anyone', 'content', 'words', 'name', 'words', 'tag'),
  },
};
