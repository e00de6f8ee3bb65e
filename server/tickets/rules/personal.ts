// What personal data rules hold: an admin may have named somebody by their address, or in a phrase that is looked for.
import { type PersonalTable, plain, unexported } from '../../lib/personal';

export const rulesTable: PersonalTable = {
  table: 'rules',
  why: 'settings',
  kept: 'firm',
  columns: {
    ...plain(
      'id',
      'place',
      'is_on',
      'matches',
      'on_answers',
      'stops',
      'runs',
      'last_run_at',
      'failed_at',
      'created_at',
      'updated_at',
    ),
    ...unexported('anyone', 'content', 'words', 'name'),
    // Of a list of addresses the person's is left out (P3): a condition that is then empty fits nothing, and says so.
    ...unexported('anyone', 'content', 'json', 'conditions', 'deeds'),
    ...unexported('anyone', 'technical', 'words', 'last_error'),
  },
};
