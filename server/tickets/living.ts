// Where a conversation goes on after a merge.
import type { Agent } from '../agents';
import type { App } from '../app';
import { numberFor } from './access';
import { findTicketById } from './queries';
import type { Ticket } from './ticket';

/** Merges are followed so far. */
const MOST_STEPS = 20;

/** The ticket itself when it was not merged. */
export function goesOnIn(app: App, ticket: Ticket): Ticket {
  let living = ticket;
  for (let step = 0; living.merged_into_id !== null && step < MOST_STEPS; step++)
    living = findTicketById(app.db, living.merged_into_id) ?? living;
  return living;
}

/** Where the words of somebody are kept who still has the merged one open: where they can be sent (W4). */
export function writingPlace(app: App, agent: Agent, ticket: Ticket): Ticket {
  const living = goesOnIn(app, ticket);
  return numberFor(app, agent, living.id) === undefined ? ticket : living;
}
