// Searching, as a page, and what the search field offers while somebody types.
import type { App } from '../../app';
import { can } from '../../roles';
import { createRouter, fragment, page } from '../../web';
import { agentOfRequest } from '../request';
import { searchPage } from './present';
import { suggestionsFor } from './suggestions';

const LONGEST = 500;

export function searchRoutes(app: App) {
  const router = createRouter();

  router.get('/search', can('tickets.read'), (req, res) => {
    const q = String(req.query['q'] ?? '').slice(0, LONGEST);
    const before = Number(req.query['before']) || undefined;
    page(res, 'tickets/search', searchPage(app, agentOfRequest(req), req.context.reader, { q, before }));
  });

  router.get('/search/suggestions', can('tickets.read'), (req, res) => {
    const q = String(req.query['q'] ?? '').slice(0, LONGEST);
    const at = Math.min(Number(req.query['at']) || 0, q.length);
    fragment(res, 'tickets/_suggestions', suggestionsFor({ app, agent: agentOfRequest(req) }, q, at));
  });

  return router;
}
