// Teams as admins see them.
import type { App } from '../app';
import { errorWords, type FieldErrors, type PageModel, type Reader, typedIn } from '../web';
import type { Returned } from './present';
import { type Choice, type Person, personOf } from './present-staff';
import { findAllAgents } from './queries';
import { findLeavingTeams, findMembers, findTeams, type TeamRow } from './team-queries';

export const TEAMS = '/settings/teams';
export const hrefOfTeam = ({ id }: { id: number }) => `${TEAMS}/${id}`;

/** views/agents/teams */
export interface TeamsPage extends PageModel {
  t: Reader['t'];
  teams: { name: string; href: string; people: Person[]; tickets: string }[];
  /** Their tickets are on the way: what is left of them. */
  leaving: { name: string; words: string }[];
  create: string;
}

export function teamsPage(app: App, { t, format }: Reader): TeamsPage {
  return {
    layout: 'settings',
    current: 'settings.teams',
    title: t('agents.teams.title'),
    t,
    teams: findTeams(app.db).map((team) => ({
      name: team.name,
      href: hrefOfTeam(team),
      people: findMembers(app.db, team.id).map(({ name }) => personOf(name)),
      tickets: format.number(app.hooks.countTicketsOfTeam(app, team.id).open),
    })),
    leaving: findLeavingTeams(app.db).map((team) => ({
      name: team.name,
      words: t('agents.teams.leaving', { count: app.hooks.countTicketsOfTeam(app, team.id).all }),
    })),
    create: `${TEAMS}/new`,
  };
}

/** views/agents/team: a new one, or one that there is. */
export interface TeamPage extends PageModel {
  t: Reader['t'];
  action: string;
  name: string;
  members: { id: number; person: Person; email: string; isAway: boolean; checked: boolean }[];
  errors: FieldErrors;
  removal?: string;
}

export function teamPage(app: App, { t }: Reader, team: TeamRow | undefined, returned?: Returned): TeamPage {
  const ticked = returned
    ? new Set([returned.values['members'] ?? []].flat().map(Number))
    : new Set(team ? findMembers(app.db, team.id).map(({ id }) => id) : []);
  return {
    layout: 'settings',
    current: 'settings.teams',
    title: team ? team.name : t('agents.teams.new'),
    t,
    action: team ? hrefOfTeam(team) : TEAMS,
    name: returned ? typedIn(returned.values, 'name') : (team?.name ?? ''),
    members: findAllAgents(app.db).map((agent) => ({
      id: agent.id,
      person: personOf(agent.name),
      email: agent.email,
      isAway: agent.away_since !== null,
      checked: ticked.has(agent.id),
    })),
    errors: errorWords(t, returned?.errors ?? {}),
    ...(team ? { removal: `${hrefOfTeam(team)}/removal` } : {}),
  };
}

/** views/agents/team-removal: what becomes of its tickets is said, and decided, before. */
export interface TeamRemovalPage extends PageModel {
  t: Reader['t'];
  name: string;
  tickets: string;
  choices: Choice[];
  value: string;
  error?: string;
  action: string;
  back: string;
}

export function teamRemovalPage(
  app: App,
  { t }: Reader,
  team: TeamRow,
  error?: string,
  typed = '',
): TeamRemovalPage {
  const { all, open } = app.hooks.countTicketsOfTeam(app, team.id);
  return {
    layout: 'settings',
    current: 'settings.teams',
    title: t('agents.teams.removal.title', { name: team.name }),
    t,
    name: team.name,
    tickets: t('agents.teams.removal.tickets', { count: all, open }),
    choices:
      all === 0
        ? []
        : [
            ...findTeams(app.db)
              .filter(({ id }) => id !== team.id)
              .map(({ id, name }) => ({ value: String(id), text: name })),
            {
              value: 'everybody',
              text: t('agents.teams.removal.everybody'),
              hint: t('agents.teams.removal.everybody.hint'),
            },
          ],
    value: typed,
    ...(error ? { error: t(error) } : {}),
    action: `${hrefOfTeam(team)}/removal`,
    back: hrefOfTeam(team),
  };
}
