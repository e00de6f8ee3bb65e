// What agents can ask about themselves.
import type { App } from '../app';
import { Invalid, NotFound } from '../lib/errors';
import { can } from '../roles';
import {
  clearSessionCookie,
  createRouter,
  page,
  readForm,
  readSessionCookie,
  say,
  setSessionCookie,
} from '../web';
import { askerOf, visitOf } from './asker';
import { awayForm, emailForm, passwordForm, profileForm, sessionForm } from './forms';
import { changeOwnEmail, changeOwnPassword, changeProfile, confirmPassword, markAway } from './own-account';
import { hashPassword } from './passwords';
import { type ProfileReturned, profilePage } from './present-profile';
import { closeAllSessions, closeSession, sessionOf } from './sessions';

const PROFILE = '/settings/profile';

export function profileRoutes(app: App) {
  const router = createRouter();
  type Req = Parameters<typeof readSessionCookie>[0];

  const model = (req: Req, returned?: ProfileReturned) =>
    profilePage(
      app,
      askerOf(req),
      req.context.reader,
      sessionOf(app, readSessionCookie(req))?.sessionId,
      returned,
    );

  router.get('/settings', can('account.own'), (_req, res) => res.redirect(303, PROFILE));

  router.get(PROFILE, can('account.own'), (req, res) => page(res, 'agents/profile', model(req)));

  router.post(PROFILE, can('account.own'), async (req, res) => {
    const form = readForm(profileForm, req);
    if (!form.ok) return page(res, 'agents/profile', model(req, { ...form, form: 'profile' }), 422);
    await app.write(() => changeProfile(app, askerOf(req), form.value));
    say(res, { kind: 'good', text: app.catalogues[form.value.language]('agents.profile.saved') });
    res.redirect(303, PROFILE);
  });

  router.post(`${PROFILE}/away`, can('account.own'), async (req, res) => {
    const form = readForm(awayForm, req);
    if (!form.ok) throw Invalid('Whether you are away could not be read.');
    const isAway = form.value.away === '1';
    await app.write(() => markAway(app, askerOf(req), isAway));
    say(res, {
      kind: 'good',
      text: req.context.reader.t(isAway ? 'agents.away.marked' : 'agents.away.back'),
      undo: { action: `${PROFILE}/away`, fields: { away: isAway ? '0' : '1' } },
    });
    res.redirect(303, PROFILE);
  });

  router.post(`${PROFILE}/email`, can('account.own'), async (req, res) => {
    const actor = askerOf(req);
    const form = readForm(emailForm, req);
    if (!form.ok) return page(res, 'agents/profile', model(req, { ...form, form: 'email' }), 422);
    const confirmed = await confirmPassword(app, actor, form.value.currentPassword);
    if (confirmed !== 'right') {
      const errors = { currentPassword: `agents.confirm.${confirmed}` };
      return page(res, 'agents/profile', model(req, { values: form.values, errors, form: 'email' }), 422);
    }
    const token = await app.write(() => changeOwnEmail(app, actor, form.value.email, visitOf(req)));
    if (!token) {
      const errors = { email: 'agents.invite.taken' };
      return page(res, 'agents/profile', model(req, { values: form.values, errors, form: 'email' }), 422);
    }
    setSessionCookie(res, token);
    say(res, { kind: 'good', text: req.context.reader.t('agents.email.changed') });
    res.redirect(303, PROFILE);
  });

  router.post(`${PROFILE}/password`, can('account.own'), async (req, res) => {
    const actor = askerOf(req);
    const form = readForm(passwordForm, req);
    if (!form.ok) return page(res, 'agents/profile', model(req, { ...form, form: 'password' }), 422);
    const confirmed = await confirmPassword(app, actor, form.value.currentPassword);
    if (confirmed !== 'right') {
      const errors = { currentPassword: `agents.confirm.${confirmed}` };
      return page(res, 'agents/profile', model(req, { values: {}, errors, form: 'password' }), 422);
    }
    const hash = await hashPassword(form.value.password);
    const token = await app.write(() => changeOwnPassword(app, actor, hash, visitOf(req)));
    setSessionCookie(res, token);
    say(res, { kind: 'good', text: req.context.reader.t('agents.password.changed') });
    res.redirect(303, PROFILE);
  });

  router.post(`${PROFILE}/sessions/end`, can('account.own'), async (req, res) => {
    const form = readForm(sessionForm, req);
    const ended = form.ok && (await app.write(() => closeSession(app, askerOf(req), form.value.session)));
    if (!ended) throw NotFound();
    say(res, { kind: 'good', text: req.context.reader.t('agents.sessions.ended') });
    res.redirect(303, PROFILE);
  });

  router.post(`${PROFILE}/sign-out-everywhere`, can('account.own'), async (req, res) => {
    const actor = askerOf(req);
    await app.write(() => closeAllSessions(app, actor, actor.id));
    clearSessionCookie(res);
    say(res, { kind: 'good', text: req.context.reader.t('agents.sessions.endedAll') });
    res.redirect(303, '/sign-in');
  });

  return router;
}
