// What a browser can ask about accounts: the door, and behind it the pages about agents and oneself.
import type { App } from '../app';
import { anyone, can } from '../roles';
import {
  clearSessionCookie,
  createRouter,
  page,
  readForm,
  readSessionCookie,
  setSessionCookie,
  typedIn,
} from '../web';
import { startSession } from './asker';
import { signInForm } from './forms';
import { linkRoutes } from './link-routes';
import { signInPage, UNTOUCHED } from './present';
import { profileRoutes } from './profile-routes';
import { countOwners } from './queries';
import { safePath } from './safe-path';
import { closeSession, sessionOf } from './sessions';
import { checkSignIn, isStillRight } from './sign-in';
import { staffRoutes } from './staff-routes';
import { teamRoutes } from './team-routes';

export function agentRoutes(app: App) {
  const router = createRouter();
  const isSetUp = () => (countOwners(app.db) ?? 0) > 0;

  router.get('/sign-in', anyone('this is the door'), (req, res) => {
    if (req.context.actor) return res.redirect(303, safePath(typedIn(req.query, 'next')));
    page(
      res,
      'agents/sign-in',
      signInPage(req.context.reader, { ...UNTOUCHED, values: { next: req.query['next'] } }, isSetUp()),
    );
  });

  router.post('/sign-in', anyone('this is the door'), async (req, res) => {
    const { reader, shortIp } = req.context;
    const form = readForm(signInForm, req);
    if (!form.ok) return page(res, 'agents/sign-in', signInPage(reader, form, isSetUp()), 422);
    const outcome = await checkSignIn(app, form.value.email, form.value.password, shortIp);
    const refuse = (why: 'wrong' | 'too-many') => {
      const returned = { values: form.values, errors: { form: `agents.signIn.${why}` } };
      const model = signInPage(reader, returned, isSetUp());
      page(res, 'agents/sign-in', model, why === 'too-many' ? 429 : 422);
    };
    if ('refused' in outcome) return refuse(outcome.refused);
    const token = await app.write(() =>
      isStillRight(app, outcome) ? startSession(app, req, outcome.agent) : undefined,
    );
    if (!token) return refuse('wrong');
    setSessionCookie(res, token);
    res.redirect(303, safePath(form.value.next));
  });

  router.post('/sign-out', can('account.own'), async (req, res) => {
    const session = sessionOf(app, readSessionCookie(req));
    if (session) await app.write(() => closeSession(app, session.agent, session.sessionId));
    clearSessionCookie(res);
    res.redirect(303, '/sign-in');
  });

  router.use(linkRoutes(app), profileRoutes(app), staffRoutes(app), teamRoutes(app));
  return router;
}
