// What personal data the event log holds: numbers of people, never their words or addresses.
import { leadsTo, type PersonalDomain, plain } from '../lib/personal';

export const eventsPersonal: PersonalDomain = {
  name: 'events',
  tables: [
    {
      table: 'events',
      why: 'evidence',
      kept: 'log',
      columns: {
        ...plain('id', 'at', 'name', 'actor_kind', 'subject_kind', 'facts'),
        ...leadsTo('anyone', 'actor_id', 'subject_id'),
      },
    },
    { table: 'event_retention_open', why: 'running', kept: 'work', columns: plain('id') },
    { table: 'followers', why: 'running', kept: 'work', key: 'name', columns: plain('name', 'event_id') },
  ],
};
