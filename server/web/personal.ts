// What personal data the web platform holds: addresses under which somebody failed to sign in.
import { type PersonalDomain, plain, unexported } from '../lib/personal';

export const webPersonal: PersonalDomain = {
  name: 'web',
  tables: [
    {
      table: 'failed_tries',
      why: 'security',
      kept: 'tries',
      key: 'key',
      columns: {
        ...unexported('anyone', 'contact', 'row', 'key'),
        ...plain('failures', 'blocked_until', 'updated_at'),
      },
    },
  ],
};
