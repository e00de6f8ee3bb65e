// What one-time links open: joining, and a new password. A link that opens nothing always looks the same.
import type { App } from '../app';
import { anyone } from '../roles';
import { firmOf } from '../settings';
import { clearTries, countTry, createRouter, isBlocked, page, readForm, say, setSessionCookie } from '../web';
import { canMailLinks } from './account-mail';
import { startSession } from './asker';
import { forgotPasswordForm, joinForm, newPasswordForm } from './forms';
import { joinDesk } from './join';
import { agentOfLink } from './links';
import { askForPasswordLink, setForgottenPassword } from './new-password';
import { hashPassword } from './passwords';
import { deadLinkPage, forgotPasswordPage, joinPage, newPasswordPage, UNTOUCHED } from './present';

const BY_LINK = 'the link is the key';

export function linkRoutes(app: App) {
  const router = createRouter();

  router.get('/forgot-password', anyone('this is the door'), (req, res) => {
    page(
      res,
      'agents/forgot-password',
      forgotPasswordPage(req.context.reader, UNTOUCHED, { sent: false, canMail: canMailLinks(app) }),
    );
  });

  router.post('/forgot-password', anyone('this is the door'), async (req, res) => {
    const { reader, shortIp } = req.context;
    const form = readForm(forgotPasswordForm, req);
    const state = { sent: form.ok, canMail: canMailLinks(app) };
    if (!form.ok) return page(res, 'agents/forgot-password', forgotPasswordPage(reader, form, state), 422);
    const tooMany = await app.write(() => {
      const keys = [`forgot from ${shortIp}`];
      if (isBlocked(app, keys)) return true;
      countTry(app, keys);
      askForPasswordLink(app, form.value.email);
      return false;
    });
    if (!tooMany)
      return page(
        res,
        'agents/forgot-password',
        forgotPasswordPage(reader, { values: form.values, errors: {} }, state),
      );
    const returned = { values: form.values, errors: { form: 'agents.signIn.too-many' } };
    page(res, 'agents/forgot-password', forgotPasswordPage(reader, returned, { ...state, sent: false }), 429);
  });

  router.get('/reset-password/:token', anyone(BY_LINK), (req, res) => {
    const { reader } = req.context;
    const token = String(req.params['token']);
    const agent = agentOfLink(app, token, 'reset');
    if (!agent) return page(res, 'agents/dead-link', deadLinkPage(reader, 'reset'), 404);
    page(res, 'agents/new-password', newPasswordPage(reader, agent, token, UNTOUCHED));
  });

  router.post('/reset-password/:token', anyone(BY_LINK), async (req, res) => {
    const { reader, shortIp } = req.context;
    const token = String(req.params['token']);
    const agent = agentOfLink(app, token, 'reset');
    if (!agent) return page(res, 'agents/dead-link', deadLinkPage(reader, 'reset'), 404);
    const form = readForm(newPasswordForm, req);
    if (!form.ok) return page(res, 'agents/new-password', newPasswordPage(reader, agent, token, form), 422);
    const hash = await hashPassword(form.value.password);
    const session = await app.write(() => {
      const changed = setForgottenPassword(app, token, hash);
      clearTries(app, [`forgot from ${shortIp}`]);
      return changed && startSession(app, req, changed);
    });
    if (!session) return page(res, 'agents/dead-link', deadLinkPage(reader, 'reset'), 404);
    setSessionCookie(res, session);
    say(res, { kind: 'good', text: reader.t('agents.newPassword.done') });
    res.redirect(303, '/tickets');
  });

  router.get('/invite/:token', anyone(BY_LINK), (req, res) => {
    const { reader } = req.context;
    const token = String(req.params['token']);
    const agent = agentOfLink(app, token, 'invite');
    if (!agent) return page(res, 'agents/dead-link', deadLinkPage(reader, 'invite'), 404);
    page(res, 'agents/join', joinPage(reader, firmOf(app).company, agent, token, UNTOUCHED));
  });

  router.post('/invite/:token', anyone(BY_LINK), async (req, res) => {
    const { reader } = req.context;
    const token = String(req.params['token']);
    const agent = agentOfLink(app, token, 'invite');
    if (!agent) return page(res, 'agents/dead-link', deadLinkPage(reader, 'invite'), 404);
    const form = readForm(joinForm, req);
    if (!form.ok)
      return page(res, 'agents/join', joinPage(reader, firmOf(app).company, agent, token, form), 422);
    const { password, ...joining } = form.value;
    const passwordHash = await hashPassword(password);
    const session = await app.write(() => {
      const joined = joinDesk(app, token, { ...joining, passwordHash });
      return joined && startSession(app, req, joined);
    });
    if (!session) return page(res, 'agents/dead-link', deadLinkPage(reader, 'invite'), 404);
    setSessionCookie(res, session);
    res.redirect(303, '/tickets');
  });

  return router;
}
