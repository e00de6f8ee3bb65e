// A page of a saved view, and how many each holds for whoever asks: both from kept rows.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { query, queryRaw } from '../../db';
import { perViewer, type Scope, scopeOf, VISIBLE } from '../access';
import { type SavedView, viewerOf } from './saved-view';

type Listed = [id: number, changedSequence: number, key: number];

const findRows = queryRaw<
  [editionId: number, viewerId: number, key: number, id: number, ...scope: Scope, limit: number],
  Listed
>(`
  SELECT tickets.id, tickets.changed_sequence, view_tickets.sort_key
    FROM view_tickets CROSS JOIN tickets ON tickets.id = view_tickets.ticket_id
   WHERE view_tickets.edition_id = ? AND view_tickets.viewer_id = ?
     AND (view_tickets.sort_key, view_tickets.ticket_id) < (?, ?) AND ${VISIBLE}
   ORDER BY view_tickets.sort_key DESC, view_tickets.ticket_id DESC LIMIT ?`);

/** In the view's own order, the highest key first. */
export const listSavedView = (
  app: App,
  agent: Agent,
  view: SavedView,
  after: { at: number; id: number },
  limit: number,
): Listed[] =>
  findRows(app.db, view.editionId, viewerOf(view, agent), after.at, after.id, ...scopeOf(agent), limit);

type Count = { edition_id: number; n: number };

const findCounts = query<
  [agentId: number, everything: number, sameAgent: number, andAgain: number],
  Count[]
>(`
  SELECT edition_id, sum(n) AS n FROM view_counts
   WHERE viewer_id IN (0, ?) AND n > 0
     AND (? = 1 OR team_id = 0 OR assignee_id = ? OR team_id IN (SELECT team_id FROM team_members WHERE agent_id = ?))
   GROUP BY edition_id`);

/** Those of other teams that somebody sees only because they follow them; nobody follows more than `MOST_FOLLOWED`. */
const findFollowed = query<
  [agentId: number, sameAgent: number, andAgain: number, yetAgain: number],
  Count[]
>(`
  SELECT edition_id, count(*) AS n
    FROM ticket_followers JOIN view_tickets ON view_tickets.ticket_id = ticket_followers.ticket_id
   WHERE ticket_followers.agent_id = ? AND viewer_id IN (0, ?) AND view_tickets.team_id <> 0 AND assignee_id <> ?
     AND view_tickets.team_id NOT IN (SELECT team_id FROM team_members WHERE team_members.agent_id = ?)
   GROUP BY edition_id`);

/** By edition. Exact, whatever the size: sums of a small table, read once between two commits. */
export const countSavedTickets = (app: App, agent: Agent): ReadonlyMap<number, number> =>
  countsOf(app.db, agent);

const countsOf = perViewer((db, viewer): Map<number, number> => {
  const [everything, agentId] = scopeOf(viewer);
  const counts = new Map<number, number>();
  const followed = everything ? [] : findFollowed(db, agentId, agentId, agentId, agentId);
  for (const { edition_id: edition, n } of [
    ...findCounts(db, agentId, everything, agentId, agentId),
    ...followed,
  ])
    counts.set(edition, (counts.get(edition) ?? 0) + n);
  return counts;
});
