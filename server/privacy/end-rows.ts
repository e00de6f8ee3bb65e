// Ends somebody's rows by the map, in short transactions, their tickets first.
import type { App } from '../app';
import { findAddressesByKey } from '../customers';
import { change } from '../db';
import { record, SYSTEM } from '../events';
import { removeRaw } from '../mail';
import { firmOf } from '../settings';
import { findTicketById, signalTicketGone } from '../tickets';
import type { Plan } from './identity';
import { DOMAINS } from './map';
import { type ErasureRow, findOwnTickets } from './queries';
import { type Ended, endThing, type Labels, nothingEnded } from './rows';
import { endingOf } from './survey';

/** Tickets in one transaction. */
const TICKETS_A_WRITE = 5;

/**
 * Can be repeated as long as `onEnded`, which is called in the last transaction, has not been: from then on whoever bears one
 * of the addresses has come since (P5).
 */
export async function endRows(app: App, erasure: ErasureRow, plan: Plan, onEnded: () => void): Promise<void> {
  const ending = endingOf(erasure.kind);
  const labels = labelsOf(app);
  const own = plan.customers.flatMap(({ id }) => findOwnTickets(app.db, id));
  for (let at = 0; at < own.length; at += TICKETS_A_WRITE) {
    const ended = nothingEnded();
    await app.write(() => {
      // Figures are counted before what they count is gone (P10).
      app.followers.readAll();
      for (const ticket of own.slice(at, at + TICKETS_A_WRITE)) endTicket(app, ending, ticket, labels, ended);
    });
    await removeEnded(app, ended);
  }
  const ended = nothingEnded();
  await app.write(() => {
    app.followers.readAll();
    for (const { id } of plan.customers) endThing(app, ending, 'customer', id, labels, ended, 'ticket');
    for (const key of plan.addresses) endThing(app, ending, 'address', key, labels, ended);
    onEnded();
  });
  await removeEnded(app, ended);
}

/** Mails that came since the plan was written down are in it by no name. */
async function removeEnded(app: App, { files }: Ended): Promise<void> {
  for (const name of files.mail) await removeRaw(app, name);
}

/**
 * What somebody wrote down on a ticket meanwhile, and what is derived from tickets of others. An address that somebody
 * bears again is theirs.
 */
export async function endStrays(app: App, erasure: ErasureRow, plan: Plan): Promise<void> {
  const labels = labelsOf(app);
  await app.write(() => {
    for (const key of plan.addresses) {
      if (findAddressesByKey(app.db, key).length > 0) continue;
      endThing(app, endingOf(erasure.kind), 'address', key, labels, nothingEnded());
    }
  });
  const called = JSON.stringify(plan.calledNames);
  for (const ticket of plan.joint)
    await app.write(() => {
      renameNoted(app.db, labels.label, ticket, called);
      ticketChanged(app, ticket);
    });
}

/** "Olga accepted Anna": a first name is searched for nowhere, but here it can only be theirs. */
const renameNoted = change<[label: string, ticketId: number, names: string]>(`
  UPDATE messages SET facts = json_set(facts, '$.says.values.whom', ?)
   WHERE ticket_id = ? AND kind = 'system' AND json_extract(facts, '$.says.key') IN ('tickets.says.accepted', 'tickets.says.removed')
     AND json_extract(facts, '$.says.values.whom') IN (SELECT value FROM json_each(?))`);

function endTicket(app: App, ending: 'erase' | 'deidentify', id: number, labels: Labels, ended: Ended): void {
  const ticket = findTicketById(app.db, id);
  if (ticket && ending === 'erase') signalTicketGone(app, ticket);
  endThing(app, ending, 'ticket', id, labels, ended);
  record(app, ending === 'erase' ? 'ticket.erased' : 'ticket.de-identified', SYSTEM, { id });
  if (ending === 'deidentify') ticketChanged(app, id);
}

function ticketChanged(app: App, ticket: number): void {
  for (const domain of DOMAINS) domain.ticketChanged?.(app, ticket);
}

/** What stands where a name or a message stood, in the firm's language. */
export function labelsOf(app: App): Labels {
  const t = app.catalogues[firmOf(app).language];
  return { label: t('privacy.label.person'), gone: t('privacy.label.words') };
}
