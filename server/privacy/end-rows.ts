// Ends somebody's rows by the map, in short transactions, their tickets first.
import type { App } from '../app';
import { record, SYSTEM } from '../events';
import { firmOf } from '../settings';
import { findTicketById, signalTicketGone } from '../tickets';
import type { Plan } from './identity';
import { DOMAINS } from './map';
import { type ErasureRow, findOwnTickets } from './queries';
import { endThing, type Labels, nothingEnded } from './rows';
import { endingOf } from './survey';

/** Tickets in one transaction. */
const TICKETS_A_WRITE = 5;

/** Can be repeated: what is gone is not found again. */
export async function endRows(app: App, erasure: ErasureRow, plan: Plan): Promise<void> {
  const ending = endingOf(erasure.kind);
  const labels = labelsOf(app);
  const own = plan.customers.flatMap(({ id }) => findOwnTickets(app.db, id));
  for (let at = 0; at < own.length; at += TICKETS_A_WRITE) {
    await app.write(() => {
      // Figures are counted before what they count is gone (P10).
      app.followers.catchUp();
      for (const ticket of own.slice(at, at + TICKETS_A_WRITE)) endTicket(app, ending, ticket, labels);
    });
  }
  await app.write(() => {
    app.followers.catchUp();
    for (const { id } of plan.customers)
      endThing(app, ending, 'customer', id, labels, nothingEnded(), 'ticket');
    for (const key of plan.addresses) endThing(app, ending, 'address', key, labels, nothingEnded());
  });
  for (const ticket of plan.joint) await app.write(() => ticketChanged(app, ticket));
}

function endTicket(app: App, ending: 'erase' | 'deidentify', id: number, labels: Labels): void {
  const ticket = findTicketById(app.db, id);
  endThing(app, ending, 'ticket', id, labels, nothingEnded());
  record(app, ending === 'erase' ? 'ticket.erased' : 'ticket.de-identified', SYSTEM, { id });
  if (ending === 'deidentify') ticketChanged(app, id);
  else if (ticket) signalTicketGone(app, ticket);
}

function ticketChanged(app: App, ticket: number): void {
  for (const domain of DOMAINS) domain.ticketChanged?.(app, ticket);
}

/** What stands where a name or a message stood, in the firm's language. */
export function labelsOf(app: App): Labels {
  const t = app.catalogues[firmOf(app).language];
  return { label: t('privacy.label.person'), gone: t('privacy.label.words') };
}
