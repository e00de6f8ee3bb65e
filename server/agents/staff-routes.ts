// What admins can ask about agents.
import type { App } from '../app';
import { NotAllowed, NotFound } from '../lib/errors';
import { can, type Role } from '../roles';
import { publicUrlOf } from '../settings';
import { createRouter, ownOrigin, page, readForm, say } from '../web';
import type { Agent, AgentRow } from './agent';
import { askerOf } from './asker';
import { changeRole, removeAgent, type StaffOutcome } from './decide';
import { inviteAgainForm, inviteForm, roleForm } from './forms';
import { inviteAgain, inviteAgent } from './invite';
import { UNTOUCHED } from './present';
import { agentPage, removalPage } from './present-agent';
import { handOverPage, hrefOf, invitePage, staffPage } from './present-staff';
import { findAgentByPublicId } from './queries';
import { closeAllSessions } from './sessions';
import { mayDecideAbout, rolesToGive } from './staff';

const LIST = '/settings/agents';

export function staffRoutes(app: App) {
  const router = createRouter();

  router.get(LIST, can('agents.read'), (req, res) =>
    page(res, 'agents/index', staffPage(app, req.context.reader)),
  );

  router.get(`${LIST}/new`, can('agents.change'), (req, res) => {
    page(res, 'agents/new', invitePage(app, askerOf(req), req.context.reader, UNTOUCHED));
  });

  router.post(LIST, can('agents.change'), async (req, res) => {
    const actor = askerOf(req);
    const { reader } = req.context;
    const form = readForm(inviteForm, req);
    if (!form.ok) return page(res, 'agents/new', invitePage(app, actor, reader, form), 422);
    const { how, ...invitation } = form.value;
    mustBeGiven(actor, invitation.role);
    const outcome = await app.write(() => inviteAgent(app, actor, invitation, how === 'mail'));
    if ('taken' in outcome) {
      const errors = { email: 'agents.invite.taken' };
      return page(res, 'agents/new', invitePage(app, actor, reader, { values: form.values, errors }), 422);
    }
    if (!outcome.mailed)
      return page(res, 'agents/link', handOverPage(app, reader, outcome.agent, linkFor(req, outcome.path)));
    say(res, { kind: 'good', text: reader.t('agents.invite.mailed', { email: outcome.agent.email }) });
    res.redirect(303, LIST);
  });

  router.get(`${LIST}/:id`, can('agents.read'), (req, res) => {
    page(res, 'agents/show', agentPage(app, askerOf(req), req.context.reader, agentFor(req.params['id'])));
  });

  router.post(`${LIST}/:id/role`, can('agents.change'), async (req, res) => {
    const actor = askerOf(req);
    const { reader } = req.context;
    const agent = agentToDecideAbout(actor, req.params['id']);
    const form = readForm(roleForm, req);
    if (!form.ok) return page(res, 'agents/show', agentPage(app, actor, reader, agent, form.errors), 422);
    mustBeGiven(actor, form.value.role);
    const outcome = await app.write(() => changeRole(app, actor, agent, form.value.role));
    if (isRefused(outcome)) return page(res, 'agents/show', agentPage(app, actor, reader, agent), 409);
    say(res, { kind: 'good', text: reader.t('agents.role.changed', { name: agent.name }) });
    res.redirect(303, hrefOf(agent));
  });

  router.post(`${LIST}/:id/invitation`, can('agents.change'), async (req, res) => {
    const actor = askerOf(req);
    const { reader } = req.context;
    const agent = agentToDecideAbout(actor, req.params['id']);
    const form = readForm(inviteAgainForm, req);
    if (!form.ok || agent.state === 'active')
      return page(res, 'agents/show', agentPage(app, actor, reader, agent), 409);
    const byMail = form.value.how === 'mail';
    const outcome = await app.write(() =>
      agent.state === 'removed'
        ? inviteAgent(app, actor, agent, byMail)
        : inviteAgain(app, actor, agent, byMail),
    );
    if ('taken' in outcome)
      return page(res, 'agents/show', agentPage(app, actor, reader, outcome.taken), 409);
    if (!outcome.mailed)
      return page(res, 'agents/link', handOverPage(app, reader, outcome.agent, linkFor(req, outcome.path)));
    say(res, { kind: 'good', text: reader.t('agents.invite.mailed', { email: agent.email }) });
    res.redirect(303, hrefOf(agent));
  });

  router.post(`${LIST}/:id/sign-out`, can('agents.change'), async (req, res) => {
    const actor = askerOf(req);
    const agent = agentToDecideAbout(actor, req.params['id']);
    await app.write(() => closeAllSessions(app, actor, agent.id));
    say(res, { kind: 'good', text: req.context.reader.t('agents.signedOut', { name: agent.name }) });
    res.redirect(303, hrefOf(agent));
  });

  router.get(`${LIST}/:id/removal`, can('agents.change'), (req, res) => {
    const agent = agentToDecideAbout(askerOf(req), req.params['id']);
    page(res, 'agents/remove', removalPage(app, req.context.reader, agent));
  });

  router.post(`${LIST}/:id/removal`, can('agents.change'), async (req, res) => {
    const actor = askerOf(req);
    const { reader } = req.context;
    const agent = agentToDecideAbout(actor, req.params['id']);
    const outcome = await app.write(() => removeAgent(app, actor, agent));
    if (isRefused(outcome)) return page(res, 'agents/show', agentPage(app, actor, reader, agent), 409);
    say(res, { kind: 'good', text: reader.t('agents.removal.done', { name: agent.name }) });
    res.redirect(303, LIST);
  });

  function agentFor(id: unknown): AgentRow {
    const agent = findAgentByPublicId(app.db, String(id));
    if (!agent) throw NotFound();
    return agent;
  }

  function agentToDecideAbout(actor: Agent, id: unknown): AgentRow {
    const agent = agentFor(id);
    if (!mayDecideAbout(actor.role, agent.role)) throw NotAllowed();
    return agent;
  }

  /** Shown to the admin who asked, so the address under which they are here may stand in it. */
  const linkFor = (req: { headers: { host?: string }; secure: boolean }, path: string) =>
    `${publicUrlOf(app) ?? ownOrigin(app.config, req.headers.host, req.secure)}${path}`;

  return router;
}

function mustBeGiven(actor: Agent, role: Role): void {
  if (!rolesToGive(actor.role).includes(role)) throw NotAllowed();
}

const isRefused = (outcome: StaffOutcome) => 'refused' in outcome;
