// One agent as admins see them, and what may be decided about them.
import type { App } from '../app';
import type { ShownTime } from '../i18n';
import { errorWords, type FieldErrors, type PageModel, type Reader } from '../web';
import { canMailLinks } from './account-mail';
import type { Agent, AgentRow } from './agent';
import { type Choice, hrefOf, type Person, personOf, roleChoices, stateOf } from './present-staff';
import { countOwners, findInvitationEnd } from './queries';
import { mayDecideAbout, rolesToGive } from './staff';

/** views/agents/show */
export interface AgentPage extends PageModel {
  t: Reader['t'];
  person: Person;
  facts: { name: string; value?: string; at?: ShownTime }[];
  isRemoved: boolean;
  role: string;
  /** Absent for those who may not decide about this person. */
  change?: { action: string; value: string; roles: Choice[]; errors: FieldErrors };
  invitation?: { action: string; canMail: boolean; until: ShownTime | undefined; isOver: boolean };
  removal?: string;
  signOut?: string;
  /** Neither another role nor removal: nobody else could run the firm's desk. */
  isLastOwner: boolean;
}

export function agentPage(
  app: App,
  actor: Agent,
  reader: Reader,
  agent: AgentRow,
  errors: FieldErrors = {},
): AgentPage {
  const { t, format } = reader;
  const mayDecide = mayDecideAbout(actor.role, agent.role);
  const isLastOwner = agent.role === 'owner' && agent.state === 'active' && (countOwners(app.db) ?? 0) <= 1;
  const base = `/settings/agents/${agent.public_id}`;
  const end = findInvitationEnd(app.db, agent.id) ?? undefined;
  const isMissing = agent.state !== 'active';
  return {
    layout: 'settings',
    current: 'settings.agents',
    title: agent.name,
    t,
    person: personOf(agent.name),
    facts: factsOf(app, reader, agent),
    isRemoved: agent.state === 'removed',
    role: t(`roles.${agent.role}`),
    ...(mayDecide && !isLastOwner && agent.state !== 'removed'
      ? {
          change: {
            action: `${base}/role`,
            value: agent.role,
            roles: roleChoices(t, rolesToGive(actor.role)),
            errors: errorWords(t, errors),
          },
        }
      : {}),
    ...(mayDecide && isMissing
      ? {
          invitation: {
            action: `${base}/invitation`,
            canMail: canMailLinks(app),
            until: end === undefined || agent.state === 'removed' ? undefined : format.time(end),
            isOver: end === undefined || end <= app.clock.now(),
          },
        }
      : {}),
    ...(mayDecide && !isLastOwner && agent.state !== 'removed' ? { removal: `${base}/removal` } : {}),
    ...(mayDecide && agent.state === 'active' ? { signOut: `${base}/sign-out` } : {}),
    isLastOwner,
  };
}

/** views/agents/remove: the question before it, on a page of its own. */
export interface RemovalPage extends PageModel {
  t: Reader['t'];
  name: string;
  openTickets: number;
  action: string;
  back: string;
}

export function removalPage(app: App, { t }: Reader, agent: AgentRow): RemovalPage {
  return {
    layout: 'settings',
    current: 'settings.agents',
    title: t('agents.removal.title', { name: agent.name }),
    t,
    name: agent.name,
    openTickets: app.hooks.countOpenTicketsOf(app, agent.id),
    action: `${hrefOf(agent)}/removal`,
    back: hrefOf(agent),
  };
}

function factsOf(app: App, { t, format }: Reader, agent: AgentRow): AgentPage['facts'] {
  const state = stateOf(app, t, agent)?.text ?? t('agents.state.active');
  return [
    { name: t('agents.field.email'), value: agent.email },
    { name: t('agents.field.role'), value: t(`roles.${agent.role}`) },
    { name: t('agents.staff.state'), value: state },
    { name: t('agents.staff.since'), at: format.day(agent.created_at) },
    ...(agent.last_seen_at === null
      ? []
      : [{ name: t('agents.staff.seen'), at: format.time(agent.last_seen_at) }]),
  ];
}
