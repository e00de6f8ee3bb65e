// The rooms of the server as DESIGN 1 draws them: the platform, and the domains from left to right.

/** Knows nothing of helpdesks. */
export const PLATFORM = ['db', 'events', 'jobs', 'web', 'realtime', 'i18n', 'lib'];

/** Each may use those to its left. */
export const DOMAINS = [
  'roles',
  'settings',
  'attachments',
  'mail',
  'agents',
  'customers',
  'tickets',
  'chat',
  'notices',
  'privacy',
  'setup',
  'demo',
];
