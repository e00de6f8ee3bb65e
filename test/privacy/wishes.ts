// Erasing as a person would wish it, step by step, for the tests of erasures.
import { findCustomerByAddress } from '../../server/customers';
import { beginErasure } from '../../server/privacy/erase';
import { performErasure } from '../../server/privacy/erasing';
import { claimantsOf } from '../../server/privacy/identity';
import { findErasure } from '../../server/privacy/queries';
import type { Place } from './place';

export type Wish = { kind?: 'erase' | 'de-identify'; keepFiles?: boolean };

export const wishOf = ({ kind = 'erase', keepFiles = false }: Wish) => ({
  kind,
  decision: keepFiles
    ? ({ othersFiles: 'keep', ground: 'e' } as const)
    : ({ othersFiles: 'remove' } as const),
});

export const knownBy = (place: Place, address: string) => {
  const customer = findCustomerByAddress(place.app.db, address);
  if (!customer) throw new Error(`nobody is known by ${address}`);
  return customer;
};

export async function erase(place: Place, address: string, wish: Wish = {}) {
  const customer = knownBy(place, address);
  const people = [customer, ...claimantsOf(place.app, customer)];
  const begun = await beginErasure(place.app, place.owner, people, wishOf(wish));
  await performErasure(place.app, begun.id);
  return findErasure(place.app.db, begun.id);
}

export const certificateOf = (row: Awaited<ReturnType<typeof erase>>) =>
  JSON.parse(row?.certificate ?? '{}').facts;
export const wordsOn = (place: Place, ticket: { id: number }) =>
  place.messagesOf(ticket).map((message) => message.words);
