// The frame around an agent's pages: which rooms they may enter, what everybody should know.
import type { Agent } from './agents';
import type { App } from './app';
import { countWaiting } from './chat';
import { answersPause, countMailTrouble } from './mail';
import { countUnread } from './notices';
import { mayRole, type Permission } from './roles';
import { countTickets } from './tickets';
import type { RailItem, Shell } from './web';

interface Door {
  key: string;
  href: string;
  icon: string;
  may: Permission;
}

const RAIL: Door[] = [
  { key: 'inbox', href: '/tickets', icon: 'inbox', may: 'tickets.read' },
  { key: 'chats', href: '/chats', icon: 'messages-square', may: 'chat.read' },
  { key: 'notices', href: '/notices', icon: 'bell', may: 'account.own' },
  { key: 'customers', href: '/customers', icon: 'users', may: 'customers.read' },
  { key: 'privacy', href: '/privacy', icon: 'shield', may: 'privacy.export' },
  { key: 'settings', href: '/settings', icon: 'settings', may: 'account.own' },
];

const SETTINGS: Omit<Door, 'icon'>[] = [
  { key: 'settings.profile', href: '/settings/profile', may: 'account.own' },
  { key: 'settings.notices', href: '/settings/notices', may: 'account.own' },
  { key: 'settings.macros', href: '/settings/macros', may: 'macros.own' },
  { key: 'settings.firm', href: '/settings/firm', may: 'settings.change' },
  { key: 'settings.agents', href: '/settings/agents', may: 'agents.read' },
  { key: 'settings.teams', href: '/settings/teams', may: 'teams.change' },
  { key: 'settings.fields', href: '/settings/fields', may: 'fields.change' },
  { key: 'settings.rules', href: '/settings/rules', may: 'rules.change' },
  { key: 'settings.mailboxes', href: '/settings/mailboxes', may: 'mailboxes.change' },
  { key: 'settings.moving-in', href: '/settings/moving-in', may: 'mail.import' },
  { key: 'settings.mail-tray', href: '/settings/mail-tray', may: 'mail.tray' },
  { key: 'settings.blocked-senders', href: '/settings/blocked-senders', may: 'mail.blocked' },
  { key: 'settings.sites', href: '/settings/sites', may: 'sites.change' },
  { key: 'settings.backups', href: '/settings/backups', may: 'system.read' },
  { key: 'settings.roles', href: '/settings/roles', may: 'agents.read' },
];

export function railFor(app: App, agent: Agent, current: string): RailItem[] {
  const t = app.catalogues[agent.language];
  const room = current.startsWith('settings') ? 'settings' : current;
  return RAIL.filter((door) => mayRole(agent.role, door.may)).map((door) => ({
    key: door.key,
    href: door.href,
    icon: door.icon,
    label: t(`shell.rail.${door.key}`),
    current: door.key === room,
    count: countAt(app, agent, door.key),
  }));
}

/** What waits behind a door; 0 is not shown. */
function countAt(app: App, agent: Agent, door: string): number | undefined {
  if (door === 'inbox') return countTickets(app, agent).mine;
  if (door === 'settings') return mayRole(agent.role, 'mail.tray') ? countMailTrouble(app.db) : undefined;
  if (door === 'notices') return countUnread(app.db, agent);
  return door === 'chats' ? countWaiting(app, agent) : undefined;
}

export function settingsFor(app: App, agent: Agent, current: string): Shell['settings'] {
  if (!current.startsWith('settings')) return [];
  const t = app.catalogues[agent.language];
  return SETTINGS.filter((door) => mayRole(agent.role, door.may)).map((door) => ({
    href: door.href,
    label: t(`shell.${door.key}`),
    current: door.key === current,
  }));
}

/** On plain HTTP the cookie can be read on the way, and a flood of mail is not answered (AC-24); admins are told on every page. */
export function warningsFor(app: App, agent: Agent, secure: boolean): string[] {
  const t = app.catalogues[agent.language];
  const isPlain = !secure && mayRole(agent.role, 'settings.change');
  const isPaused = mayRole(agent.role, 'mailboxes.change') && answersPause(app) !== undefined;
  return [
    ...(isPlain ? [t('shell.warning.plainHttp')] : []),
    ...(isPaused ? [t('shell.warning.answersPaused')] : []),
  ];
}
