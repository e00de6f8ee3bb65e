// The page on which admins read what each role may do.
import { createRouter, page } from '../web';
import { can } from './guards';
import { rolesPage } from './present';

export function roleRoutes() {
  const router = createRouter();
  router.get('/settings/roles', can('agents.read'), (req, res) =>
    page(res, 'settings/roles', rolesPage(req.context.reader)),
  );
  return router;
}
