// What personal data the settings hold: none of customers'; the firm's own name and address.
import { type PersonalDomain, plain } from '../lib/personal';

export const settingsPersonal: PersonalDomain = {
  name: 'settings',
  tables: [{ table: 'settings', why: 'settings', kept: 'firm', key: 'key', columns: plain('key', 'value') }],
};
