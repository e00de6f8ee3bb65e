// Takes away what was never wanted, by the map of personal data: an import that is undone. Nobody is erased, so the ledger is silent.
import type { App } from '../app';
import { queryValue } from '../db';
import { findTicketById, signalTicketGone } from '../tickets';
import { labelsOf } from './end-rows';
import { erasedHash } from './ledger';
import { findErasedKey } from './queries';
import { KEPT } from './retention';
import { endThing, nothingEnded } from './rows';

/** Inside a transaction. Returns the names of raw mails to destroy after the commit. */
export function takeAway(app: App, thing: 'ticket' | 'message' | 'customer', id: number): string[] {
  const ticket = thing === 'ticket' ? findTicketById(app.db, id) : undefined;
  if (ticket) signalTicketGone(app, ticket);
  const ended = nothingEnded();
  endThing(app, 'erase', thing, id, labelsOf(app), ended);
  return ended.files.mail;
}

const findHeld = queryValue<[ticketId: number], 1>(`SELECT 1 FROM tickets WHERE id = ? AND ${KEPT}`);
export const isHeld = (app: App, ticketId: number): boolean => findHeld(app.db, ticketId) === 1;

/** P5: when somebody with this address was erased last, by the ledger. */
export const erasedAt = (app: App, address: string): number | undefined =>
  findErasedKey(app.db, erasedHash(app.key, 'address', address), 'address');
