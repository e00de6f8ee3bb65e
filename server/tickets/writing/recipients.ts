// To whom a reply goes when nobody says otherwise: the requester and those copies that an agent accepted, nobody else (M7, AC-17).
import type { App } from '../../app';
import { queryOne } from '../../db';
import { type Address, addressKey, isOwnAddress } from '../../mail';
import { findParticipants, type ParticipantRow } from '../queries';
import { factsOf, type MessageRow, type Ticket } from '../ticket';

/** To, copies and hidden copies together. */
export const MOST_RECIPIENTS = 50;

export interface Recipients {
  to: Address[];
  cc: Address[];
  /** In no header, and shown to agents only. */
  bcc: Address[];
  all: string[];
}

export const recipientsOf = (app: App, ticket: Ticket): Recipients =>
  recipientsAmong(findParticipants(app.db, ticket.id));

/** The same of people who are known already. */
export function recipientsAmong(people: ParticipantRow[]): Recipients {
  const accepted = people.filter((person) => person.state === 'accepted' && person.address);
  const to = accepted.filter((person) => person.role === 'requester').map(addressOf);
  const cc = accepted.filter((person) => person.role === 'copy').map(addressOf);
  return withAll({ to, cc, bcc: [] });
}

export const withAll = (people: Omit<Recipients, 'all'>): Recipients => ({
  ...people,
  all: [...people.to, ...people.cc, ...people.bcc].map(({ address }) => address),
});

const addressOf = (person: ParticipantRow): Address => ({
  name: person.name,
  address: person.address as string,
});

/** The same people by the names that the ticket has for them, which a field may have cut. */
export function asKnown(app: App, ticket: Ticket, { to, cc, bcc }: Recipients): Recipients {
  const people = findParticipants(app.db, ticket.id);
  const named = (some: Address[]) =>
    some.map(({ name, address }) => ({
      name: people.find((one) => one.address_key === addressKey(address))?.name || name,
      address,
    }));
  return withAll({ to: named(to), cc: named(cc), bcc: named(bcc) });
}

const findLastMail = queryOne<[ticketId: number], MessageRow>(`
  SELECT * FROM messages
   WHERE ticket_id = ? AND author_kind = 'customer' AND kind = 'reply' AND channel = 'email' AND sender_state = 'accepted'
     AND is_automatic = 0
   ORDER BY sequence DESC LIMIT 1`);

/**
 * "Reply to all": besides those on the ticket whoever the last mail went to. Only an agent's choice writes to them (AC-18), and mails
 * by somebody unverified name nobody (M7). Whom an agent has left out, or not let in, stays out.
 */
export function everybodyOf(app: App, ticket: Ticket, people: ParticipantRow[]): Recipients {
  const chosen = recipientsAmong(people);
  const last = findLastMail(app.db, ticket.id);
  if (!last) return chosen;
  const { to = [], cc = [] } = factsOf(last);
  const taken = new Set(chosen.all.map(addressKey));
  const more: Address[] = [];
  for (const address of [...to, ...cc].slice(0, 2 * MOST_RECIPIENTS)) {
    const key = addressKey(address);
    const known = people.find(({ address_key }) => address_key === key);
    const isOut = known !== undefined && known.state !== 'suggested' && known.role === 'copy';
    if (taken.has(key) || isOut || isOwnAddress(app, address)) continue;
    taken.add(key);
    more.push({ name: known?.name ?? '', address });
  }
  const room = Math.max(0, MOST_RECIPIENTS - chosen.all.length);
  return withAll({ ...chosen, cc: [...chosen.cc, ...more.slice(0, room)] });
}
