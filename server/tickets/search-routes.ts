// Searching, as a page.
import type { App } from '../app';
import { can } from '../roles';
import { createRouter, page } from '../web';
import { searchPage } from './present-search';
import { agentOfRequest } from './request';

export function searchRoutes(app: App) {
  const router = createRouter();

  router.get('/search', can('tickets.read'), (req, res) => {
    const q = String(req.query['q'] ?? '').slice(0, 500);
    const before = Number(req.query['before']) || undefined;
    page(res, 'tickets/search', searchPage(app, agentOfRequest(req), req.context.reader, { q, before }));
  });

  return router;
}
