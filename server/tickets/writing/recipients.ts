// To whom a reply goes: the requester and those copies that an agent accepted, nobody else (M7, AC-17).
import type { App } from '../../app';
import type { Address } from '../../mail';
import { findParticipants, type ParticipantRow } from '../queries';
import type { Ticket } from '../ticket';

export interface Recipients {
  to: Address[];
  cc: Address[];
  all: string[];
}

export const recipientsOf = (app: App, ticket: Ticket): Recipients =>
  recipientsAmong(findParticipants(app.db, ticket.id));

/** The same of people who are known already. */
export function recipientsAmong(people: ParticipantRow[]): Recipients {
  const accepted = people.filter((person) => person.state === 'accepted' && person.address);
  const to = accepted.filter((person) => person.role === 'requester').map(addressOf);
  const cc = accepted.filter((person) => person.role === 'copy').map(addressOf);
  return { to, cc, all: [...to, ...cc].map((address) => address.address) };
}

const addressOf = (person: ParticipantRow): Address => ({
  name: person.name,
  address: person.address as string,
});
