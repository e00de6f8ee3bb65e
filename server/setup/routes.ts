// What a browser can ask of setup: the first page while there is no owner, afterwards the owner's own steps.
import { hashPassword, startSession } from '../agents';
import type { App } from '../app';
import { anyone } from '../roles';
import { createRouter, ownOrigin, page, readForm, setSessionCookie } from '../web';
import { firmForm } from './forms';
import { closedPage, firmStep, noKeyPage } from './present';
import { isSetUp, opensSetup, setUpFirm } from './set-up';
import { forgetSetupKey, keepSetupKey, readSetupKey } from './setup-cookie';
import { stepPath } from './steps';
import { welcomeRoutes } from './welcome-routes';

const BY_KEY = 'the printed link is the key, and only until there is an owner';

export function setupRoutes(app: App) {
  const router = createRouter();
  const addressOf = (req: { headers: { host?: string }; secure: boolean }) =>
    ownOrigin(app.config, req.headers.host, req.secure);

  router.get('/setup', anyone(BY_KEY), (req, res) => {
    if (isSetUp(app)) return page(res, 'setup/closed', closedPage(req.context.reader), 404);
    const { key } = req.query;
    if (typeof key === 'string' && opensSetup(app, key)) {
      keepSetupKey(res, key);
      return res.redirect(303, '/setup');
    }
    const { reader } = req.context;
    if (!opensSetup(app, readSetupKey(req))) {
      return page(res, 'setup/no-key', noKeyPage(reader), 404);
    }
    page(res, 'setup/firm', firmStep(app, reader, addressOf(req)));
  });

  router.post('/setup', anyone(BY_KEY), async (req, res) => {
    if (isSetUp(app)) return page(res, 'setup/closed', closedPage(req.context.reader), 404);
    // A restart makes the key void; the page says where the new one is.
    if (!opensSetup(app, readSetupKey(req)))
      return page(res, 'setup/no-key', noKeyPage(req.context.reader), 404);
    const form = readForm(firmForm, req);
    if (!form.ok)
      return page(res, 'setup/firm', firmStep(app, req.context.reader, addressOf(req), form), 422);
    const { name, email, password, ...firm } = form.value;
    const passwordHash = await hashPassword(password);
    const token = await app.write(() => {
      if (!opensSetup(app, readSetupKey(req))) return undefined;
      const owner = setUpFirm(app, { ...firm, owner: { name, email, passwordHash } });
      return startSession(app, req, owner);
    });
    // The same form twice, from an impatient finger: the first one made the owner.
    if (token === undefined) return page(res, 'setup/closed', closedPage(req.context.reader), 404);
    forgetSetupKey(res);
    setSessionCookie(res, token);
    res.redirect(303, stepPath('mailbox'));
  });

  router.use(welcomeRoutes(app));
  return router;
}
