// What admins can ask about teams.
import type { App } from '../app';
import { NotFound } from '../lib/errors';
import { can } from '../roles';
import { createRouter, formWithError, page, readForm, say, typedIn } from '../web';
import { askerOf } from './asker';
import { changeTeam, createTeam, removeTeam } from './change-team';
import { teamForm, teamRemovalForm } from './forms';
import { hrefOfTeam, TEAMS, teamPage, teamRemovalPage, teamsPage } from './present-teams';
import { findTeamById, type TeamRow } from './team-queries';

export function teamRoutes(app: App) {
  const router = createRouter();

  router.get(TEAMS, can('teams.change'), (req, res) =>
    page(res, 'agents/teams', teamsPage(app, req.context.reader)),
  );

  router.get(`${TEAMS}/new`, can('teams.change'), (req, res) =>
    page(res, 'agents/team', teamPage(app, req.context.reader, undefined)),
  );

  router.post(TEAMS, can('teams.change'), async (req, res) => {
    const { reader } = req.context;
    const form = readForm(teamForm, req);
    if (!form.ok) return page(res, 'agents/team', teamPage(app, reader, undefined, form), 422);
    const outcome = await app.write(() => createTeam(app, askerOf(req), form.value));
    if ('taken' in outcome) {
      const returned = formWithError(form.values, 'name', 'agents.teams.taken');
      return page(res, 'agents/team', teamPage(app, reader, undefined, returned), 422);
    }
    say(res, { kind: 'good', text: reader.t('agents.teams.created', { name: outcome.team.name }) });
    res.redirect(303, TEAMS);
  });

  router.get(`${TEAMS}/:id`, can('teams.change'), (req, res) =>
    page(res, 'agents/team', teamPage(app, req.context.reader, teamFor(req.params['id']))),
  );

  router.post(`${TEAMS}/:id`, can('teams.change'), async (req, res) => {
    const { reader } = req.context;
    const team = teamFor(req.params['id']);
    const form = readForm(teamForm, req);
    if (!form.ok) return page(res, 'agents/team', teamPage(app, reader, team, form), 422);
    const outcome = await app.write(() => changeTeam(app, askerOf(req), team, form.value));
    if ('taken' in outcome) {
      const returned = formWithError(form.values, 'name', 'agents.teams.taken');
      return page(res, 'agents/team', teamPage(app, reader, team, returned), 422);
    }
    say(res, { kind: 'good', text: reader.t('agents.teams.saved', { name: outcome.team.name }) });
    res.redirect(303, hrefOfTeam(team));
  });

  router.get(`${TEAMS}/:id/removal`, can('teams.change'), (req, res) =>
    page(res, 'agents/team-removal', teamRemovalPage(app, req.context.reader, teamFor(req.params['id']))),
  );

  router.post(`${TEAMS}/:id/removal`, can('teams.change'), async (req, res) => {
    const { reader } = req.context;
    const team = teamFor(req.params['id']);
    const form = readForm(teamRemovalForm, req);
    const again = (error: string, status: number) => {
      const typed = typedIn(form.values, 'to');
      page(res, 'agents/team-removal', teamRemovalPage(app, reader, team, error, typed), status);
    };
    if (!form.ok) return again('agents.teams.removal.choose', 422);
    const to = typeof form.value.to === 'number' ? form.value.to : null;
    const outcome = await app.write(() => removeTeam(app, askerOf(req), team, to));
    if ('refused' in outcome) return again(`agents.teams.removal.${outcome.refused}`, 409);
    say(res, { kind: 'good', text: reader.t('agents.teams.removal.done', { name: team.name }) });
    res.redirect(303, TEAMS);
  });

  function teamFor(id: unknown): TeamRow {
    const team = /^\d{1,15}$/.test(String(id)) ? findTeamById(app.db, Number(id)) : undefined;
    if (!team || team.deleted_at !== null) throw NotFound();
    return team;
  }

  return router;
}
