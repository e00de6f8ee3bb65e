// What personal data waiting work and its history hold.
import { type PersonalDomain, plain, unexported } from '../lib/personal';

export const jobsPersonal: PersonalDomain = {
  name: 'jobs',
  tables: [
    {
      table: 'jobs',
      why: 'running',
      kept: 'work',
      columns: {
        ...plain('id', 'kind', 'unique_key', 'state', 'run_at', 'attempts', 'last_error', 'created_at'),
        ...unexported('anyone', 'reference', 'nothing', 'payload'),
      },
    },
    {
      table: 'job_runs',
      why: 'running',
      kept: 'log',
      columns: {
        ...plain('id', 'name', 'started_at', 'ended_at', 'outcome', 'counts'),
        ...unexported('anyone', 'technical', 'words', 'error'),
      },
    },
  ],
};
