// Agents as admins see them.

import type { App } from '../app';
import type { ShownTime } from '../i18n';
import type { Role } from '../roles';
import { errorWords, type FieldErrors, type PageModel, type Reader, typedIn } from '../web';
import { canMailLinks, canSend } from './account-mail';
import { type Agent, type AgentRow, hueOf, initialsOf } from './agent';
import type { Returned } from './present';
import { findEverybody, findInvitationEnd } from './queries';
import { rolesToGive } from './staff';

export interface Person {
  name: string;
  initials: string;
  hue: number;
}

export interface Choice {
  value: string;
  text: string;
  hint?: string;
}

/** One line of the list: who, and how they stand. */
export interface StaffRow {
  href: string;
  person: Person;
  email: string;
  role: string;
  state: { kind: 'plain' | 'late'; text: string } | undefined;
  seen: ShownTime | undefined;
}

/** views/agents/index */
export interface StaffPage extends PageModel {
  t: Reader['t'];
  agents: StaffRow[];
  removed: StaffRow[];
}

export function staffPage(app: App, reader: Reader): StaffPage {
  const { t } = reader;
  const everybody = findEverybody(app.db);
  const rows = (wanted: (row: AgentRow) => boolean) =>
    everybody.filter(wanted).map((row) => staffRow(app, reader, row));
  return {
    layout: 'settings',
    current: 'settings.agents',
    title: t('agents.staff.title'),
    t,
    agents: rows(({ state }) => state !== 'removed'),
    removed: rows(({ state }) => state === 'removed'),
  };
}

/** views/agents/new */
export interface InvitePage extends PageModel {
  t: Reader['t'];
  values: { name: string; email: string; role: string };
  roles: Choice[];
  errors: FieldErrors;
  canMail: boolean;
  /** Why only a link to hand over is offered, and where that is mended. */
  missing?: { text: string; href: string; action: string };
}

export function invitePage(app: App, actor: Agent, { t }: Reader, { values, errors }: Returned): InvitePage {
  return {
    layout: 'settings',
    current: 'settings.agents',
    title: t('agents.invite.title'),
    t,
    values: {
      name: typedIn(values, 'name'),
      email: typedIn(values, 'email'),
      role: typedIn(values, 'role') || 'agent',
    },
    roles: roleChoices(t, rolesToGive(actor.role)),
    errors: errorWords(t, errors),
    canMail: canMailLinks(app),
    ...missingForMail(app, t),
  };
}

function missingForMail(app: App, t: Reader['t']): Pick<InvitePage, 'missing'> {
  if (canMailLinks(app)) return {};
  const missing = canSend(app) ? 'address' : 'mailbox';
  const [href, door] = { mailbox: ['/settings/mailboxes', 'mailboxes'], address: ['/settings/firm', 'firm'] }[
    missing
  ] as [string, string];
  return {
    missing: { text: t(`agents.invite.needs.${missing}`), href, action: t(`shell.settings.${door}`) },
  };
}

/** views/agents/link: shown once, because only its hash is kept. */
export interface HandOverPage extends PageModel {
  t: Reader['t'];
  name: string;
  link: string;
  until: ShownTime;
  back: string;
}

export function handOverPage(app: App, { t, format }: Reader, agent: AgentRow, link: string): HandOverPage {
  const until = format.time(findInvitationEnd(app.db, agent.id) ?? app.clock.now());
  const title = t('agents.link.title', { name: agent.name });
  return {
    layout: 'settings',
    current: 'settings.agents',
    title,
    t,
    name: agent.name,
    link,
    until,
    back: hrefOf(agent),
  };
}

export const hrefOf = (agent: AgentRow) => `/settings/agents/${agent.public_id}`;

export const personOf = (name: string): Person => ({ name, initials: initialsOf(name), hue: hueOf(name) });

export const roleChoices = (t: Reader['t'], roles: Role[]): Choice[] =>
  roles.map((role) => ({ value: role, text: t(`roles.${role}`), hint: t(`roles.${role}.hint`) }));

function staffRow(app: App, { t, format }: Reader, agent: AgentRow): StaffRow {
  return {
    href: hrefOf(agent),
    person: personOf(agent.name),
    email: agent.email,
    role: t(`roles.${agent.role}`),
    state: stateOf(app, t, agent),
    seen: agent.last_seen_at === null ? undefined : format.time(agent.last_seen_at),
  };
}

export function stateOf(app: App, t: Reader['t'], agent: AgentRow): StaffRow['state'] {
  if (agent.state === 'active')
    return agent.away_since === null ? undefined : { kind: 'plain', text: t('agents.state.away') };
  if (agent.state === 'removed') return { kind: 'plain', text: t('agents.state.removed') };
  const isOver = (findInvitationEnd(app.db, agent.id) ?? 0) <= app.clock.now();
  return isOver
    ? { kind: 'late', text: t('agents.state.invitationOver') }
    : { kind: 'plain', text: t('agents.state.invited') };
}
