// Whether this server serves, for supervisors; and where the front door leads.
import type { App } from './app';
import { anyone } from './roles';
import { createRouter } from './web';

export function healthRoutes(app: App) {
  const router = createRouter();
  router.get('/health', anyone('supervisors ask without signing in'), (_req, res) => {
    app.db.sql.prepare('SELECT 1').get();
    res.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });
  router.get('/', anyone('the front door leads on'), (req, res) =>
    res.redirect(303, req.context.actor ? '/tickets' : '/sign-in'),
  );
  return router;
}
