// The views beside the list, with their counts: the standard ones, the teams of whoever looks, and what was saved.
import { type Agent, findTeamById, findTeams, findTeamsOf, type TeamRow } from '../agents';
import type { App } from '../app';
import { NotFound } from '../lib/errors';
import { mayRole, seesEverything } from '../roles';
import type { Reader } from '../web';
import { perViewer } from './access';
import { countOfTeam, countTickets } from './counts';
import { type StandardView, savedOf, teamOf, VIEWS, type View } from './list';
import type { ViewGroup } from './list-models';
import { countSavedTickets } from './views/list';
import { mayChange, type SavedView, savedViewFor, savedViewsFor } from './views/saved-view';

/** Their own teams; every team for those who see everything. */
const teamsOf = perViewer((db, { id, role }): TeamRow[] => {
  const teams = findTeams(db);
  if (seesEverything(role)) return teams;
  const own = new Set(findTeamsOf(db, id));
  return teams.filter((team) => own.has(team.id));
});

export const teamsFor = (app: App, agent: Agent): TeamRow[] => teamsOf(app.db, agent);

export function viewGroups(app: App, agent: Agent, reader: Reader, current: View): ViewGroup[] {
  const { t, format } = reader;
  const counts = countTickets(app, agent);
  const line = (view: View, text: string, count: number) => ({
    href: `/tickets?view=${view}`,
    text,
    count: format.number(count),
    current: view === current,
  });
  const groups: ViewGroup[] = [
    { views: VIEWS.map((view) => line(view, t(`tickets.view.${view}`), counts[view])) },
  ];
  const teams = teamsFor(app, agent);
  if (teams.length > 0)
    groups.push({
      title: t('tickets.views.teams'),
      views: teams.map(({ id, name }) => line(`team-${id}`, name, countOfTeam(app, agent, id))),
    });
  groups.push(savedGroup(app, agent, reader, current));
  return groups;
}

/** A count to which a view that is being filled has come so far is followed by dots. */
function savedGroup(app: App, agent: Agent, { t, format }: Reader, current: View): ViewGroup {
  const counts = countSavedTickets(app, agent);
  const line = (view: SavedView) => {
    const isCurrent = savedOf(current) === view.id;
    const count = format.number(counts.get(view.editionId) ?? 0);
    return {
      href: `/tickets?view=saved-${view.id}`,
      text: view.name,
      count: view.isFilled ? count : `${count}…`,
      current: isCurrent,
      ...(isCurrent && mayChange(agent, view) ? { edit: `/views/${view.id}` } : {}),
    };
  };
  return {
    title: t('tickets.views.saved'),
    views: savedViewsFor(app, agent).map(line),
    ...(mayRole(agent.role, 'views.own') ? { create: '/views/new' } : {}),
  };
}

/** Throws NotFound for a view that is not there, or not for these eyes (AC-46). */
export function titleOf(app: App, agent: Agent, { t }: Reader, view: View): string {
  const saved = savedOf(view);
  if (saved !== undefined) return savedViewFor(app, agent, saved).name;
  const id = teamOf(view);
  if (id === undefined) return t(`tickets.view.${view}`);
  const team = teamsFor(app, agent).find((one) => one.id === id);
  // Its tickets are on their way elsewhere: who looks at it stays with what is left.
  const leaving = seesEverything(agent.role) ? findTeamById(app.db, id) : undefined;
  if (!team && !leaving) throw NotFound();
  return (team ?? leaving)?.name ?? '';
}

/** How many a view holds for somebody. Throws NotFound as `titleOf` does. */
export function countOfView(app: App, agent: Agent, view: View): number {
  const saved = savedOf(view);
  if (saved !== undefined)
    return countSavedTickets(app, agent).get(savedViewFor(app, agent, saved).editionId) ?? 0;
  const team = teamOf(view);
  return team === undefined ? countTickets(app, agent)[view as StandardView] : countOfTeam(app, agent, team);
}
