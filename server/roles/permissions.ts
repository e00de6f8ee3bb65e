// Who may do what: the one table that guards, pages and the admins' page "What each role may do" read.

export const ROLES = ['owner', 'admin', 'agent', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

const EVERYBODY: readonly Role[] = ROLES;
const WORKING: readonly Role[] = ['owner', 'admin', 'agent'];
const ADMINS: readonly Role[] = ['owner', 'admin'];
const OWNER: readonly Role[] = ['owner'];

export const PERMISSIONS = {
  'tickets.read': EVERYBODY,
  'tickets.reply': WORKING,
  'tickets.forward': WORKING,
  'tickets.note': WORKING,
  'tickets.change': WORKING,
  'tickets.create': WORKING,
  'tickets.deliver': WORKING,
  'macros.own': WORKING,
  'macros.share': ADMINS,
  'tickets.outbox': EVERYBODY,
  'rules.change': ADMINS,
  'fields.change': ADMINS,
  'views.own': EVERYBODY,
  'views.share': ADMINS,
  'tickets.block': WORKING,
  'customers.read': EVERYBODY,
  'customers.change': WORKING,
  'customers.merge': WORKING,
  'customers.note': WORKING,
  'customers.allNotes': ADMINS,
  'customers.import': ADMINS,
  'chat.read': EVERYBODY,
  'chat.answer': WORKING,
  'account.own': EVERYBODY,
  'agents.read': ADMINS,
  'agents.change': ADMINS,
  'agents.owners': OWNER,
  'teams.change': ADMINS,
  'settings.change': ADMINS,
  'mailboxes.change': ADMINS,
  'mail.tray': ADMINS,
  'mail.blocked': ADMINS,
  'mail.import': ADMINS,
  'sites.change': ADMINS,
  'privacy.export': ADMINS,
  'privacy.erase': ADMINS,
  'privacy.retention': ADMINS,
  'system.read': ADMINS,
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

export const mayRole = (role: Role, permission: Permission): boolean =>
  (PERMISSIONS[permission] as readonly Role[]).includes(role);

/** Owners and admins see every ticket, others what DESIGN 3 "Visibility" gives them. */
export const seesEverything = (role: Role): boolean => ADMINS.includes(role);
