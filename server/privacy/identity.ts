// Who somebody is in our rows: everything by which they could be found afterwards, and what is not theirs alone.
import { findAgentByEmail } from '../agents';
import type { App } from '../app';
import {
  type CustomerRow,
  findAddresses,
  findAddressesByKey,
  findCustomerById,
  withMerged,
} from '../customers';
import { folded, numbersIn, passagesOf } from '../lib/passages';
import type { Identity } from '../lib/personal';
import { addressKey, isOwnAddress, type MailOnServer } from '../mail';
import { DOMAINS } from './map';
import {
  countNamesakes,
  findJointTickets,
  findNamesBeside,
  findOwnTickets,
  findTicketsOfAddress,
} from './queries';

/** Ids and addresses shorter than this cannot be told from chance. */
const SHORTEST_ID = 6;
const SHORTEST_NAME = 7;
/** Passages searched for; the newest texts come first. */
const MOST_PASSAGES = 200_000;

/** What the erasure works with. It is written down, sealed, before the first row goes, so that a crash loses nothing. */
export interface Plan {
  /** The customer, and those in chats who only claimed the same address (C8) when they go too. Empty in a replay of addresses. */
  customers: { id: number; publicId: string }[];
  /** Lower case. */
  addresses: string[];
  ids: string[];
  /** Full names that nobody else bears. */
  names: string[];
  /** Every name that stands beside them, ordinary ones too: what the system noted about them on a ticket calls them so. */
  calledNames: string[];
  /** Numbers in their words: of orders, telephones. */
  numbers: string[];
  texts: string[];
  mailKeys: string[];
  /** Their mails on the mail servers, when these are to go too. */
  onServer?: MailOnServer[];
  /** Full names that somebody else bears too: where they stand is listed for a decision. */
  namesakes: string[];
  /** Tickets of others on which they took part. */
  joint: number[];
  /** Addresses and names that are somebody else's too: not searched for, and said so. */
  shared: { addresses: number; names: number };
  decision: Decision;
  /** Figures for the certificate, filled as the steps go. */
  counts: Record<string, number>;
  /** Names on disk that go. */
  files: { mail: string[]; exports: string[] };
  /** Exports of others that may hold something of theirs, by their rows' ids. */
  othersExports: number[];
  /** Files of others that stay by decision, as `files/ab/…`. */
  keptFiles: string[];
  /** The ledger knew already: a restore is erasing again. */
  replayed?: boolean;
}

/** What happens with other people's files in which the person stands: Art. 17(3) names when they may be kept. */
export interface Decision {
  othersFiles: 'remove' | 'keep';
  ground?: 'a' | 'b' | 'c' | 'd' | 'e';
}

/** Who goes together. */
type Somebody = { id: number; public_id: string };

/** `copiedAs`: addresses of somebody who was only ever copied, and of whom there is no other row. */
export function planFor(app: App, asked: Somebody[], decision: Decision, copiedAs: string[] = []): Plan {
  const people: Somebody[] = withMerged(app, asked);
  const ids = people.map(({ id }) => id);
  const identity = identityOf(app, ids);
  const addresses = unique([...identity.addresses, ...copiedAs].map(addressKey));
  const own = addresses.filter((key) => isTheirsAlone(app, ids, key));
  const beside = own.flatMap((key) => findNamesBeside(app.db, key));
  const names = unique([...identity.names, ...beside].map((name) => name.trim())).filter(
    (name) => name !== '' && !addresses.includes(addressKey(name)),
  );
  const telling = names.filter(isTelling);
  const isOwn = (name: string) => countNamesakes(app.db, name, JSON.stringify(ids), name) === 0;
  const ownNames = telling.filter(isOwn);
  const mine = new Set(ids.flatMap((id) => findOwnTickets(app.db, id)));
  const joint = [
    ...ids.flatMap((id) => findJointTickets(app.db, id, id, id, id)),
    ...own.flatMap((key) => findTicketsOfAddress(app.db, key)),
  ];
  return {
    ...emptyPlan(people, decision),
    addresses: own,
    ids: unique(identity.ids).filter((id) => id.length >= SHORTEST_ID),
    names: ownNames,
    calledNames: names,
    numbers: unique(identity.texts.flatMap(numbersIn)),
    texts: identity.texts,
    mailKeys: unique(identity.mailKeys),
    namesakes: telling.filter((name) => !ownNames.includes(name)),
    joint: unique(joint).filter((id) => !mine.has(id)),
    shared: { addresses: addresses.length - own.length, names: names.length - ownNames.length },
  };
}

/** Who and how, before anything about them was read. */
export const emptyPlan = (people: Somebody[], decision: Decision): Plan => ({
  customers: people.map((person) => ({ id: person.id, publicId: person.public_id })),
  addresses: [],
  ids: [],
  names: [],
  calledNames: [],
  numbers: [],
  texts: [],
  mailKeys: [],
  namesakes: [],
  joint: [],
  shared: { addresses: 0, names: 0 },
  decision,
  counts: {},
  files: { mail: [], exports: [] },
  othersExports: [],
  keptFiles: [],
});

/**
 * Customers of chats who typed one of these addresses and never proved any (C8): most likely the same person, so that
 * whoever erases is asked to erase them together.
 */
export function claimantsOf(app: App, customer: { id: number }): CustomerRow[] {
  const keys = findAddresses(app.db, customer.id).map((row) => row.address_key);
  const others = unique(keys.flatMap((key) => findAddressesByKey(app.db, key)).map((row) => row.customer_id));
  const unproved = others.filter(
    (id) => id !== customer.id && findAddresses(app.db, id).every((row) => row.verified_at === null),
  );
  return unproved.flatMap((id) => findCustomerById(app.db, id) ?? []);
}

function identityOf(app: App, customerIds: number[]): Identity {
  const all: Identity = { addresses: [], ids: [], names: [], texts: [], mailKeys: [] };
  for (const domain of DOMAINS) {
    for (const id of customerIds) {
      const part = domain.identify?.(app, id) ?? {};
      for (const key of Object.keys(all) as (keyof Identity)[]) all[key].push(...(part[key] ?? []));
    }
  }
  return all;
}

/** Not an agent's, not a mailbox of ours, and not what another customer proved (or claimed, when these only claimed it too). */
function isTheirsAlone(app: App, customerIds: number[], key: string): boolean {
  if (key.length < SHORTEST_ID || findAgentByEmail(app.db, key) || isOwnAddress(app, key)) return false;
  const rows = findAddressesByKey(app.db, key);
  const isTheirs = (row: { customer_id: number }) => customerIds.includes(row.customer_id);
  return rows.some((row) => isTheirs(row) && row.verified_at !== null) || rows.every(isTheirs);
}

/** "Anna Hansen" can be searched for; "Anna" or "Support" is in half of all letters. A digit makes one word telling. */
const isTelling = (name: string) =>
  folded(name).length >= SHORTEST_NAME && (/\S\s+\S/.test(name) || /\d/.test(name));

export interface Needles {
  /** Lower case, as they stand in text: addresses and ids, then names, then numbers out of their words. */
  ids: string[];
  namesFrom: number;
  numbersFrom: number;
  passages: Uint8Array[];
}

/** What is searched for. De-identified words stay, so only what names the person is. */
export function needlesOf(plan: Plan, kind: 'erase' | 'de-identify'): Needles {
  const inLower = (texts: string[]) => texts.map((text) => text.toLowerCase());
  const marks = unique(inLower([...plan.addresses, ...plan.ids]));
  const naming = unique([...marks, ...inLower(plan.names)]);
  const numbers =
    kind === 'erase' ? unique(inLower(plan.numbers)).filter((text) => !naming.includes(text)) : [];
  const passages = kind === 'erase' ? uniquePassages(plan.texts) : [];
  return { ids: [...naming, ...numbers], namesFrom: marks.length, numbersFrom: naming.length, passages };
}

function uniquePassages(texts: string[]): Uint8Array[] {
  const known = new Map<string, Uint8Array>();
  for (const text of texts.toReversed()) {
    for (const passage of passagesOf(text)) known.set(Buffer.from(passage).toString('latin1'), passage);
    if (known.size > MOST_PASSAGES) break;
  }
  return [...known.values()].slice(0, MOST_PASSAGES);
}

const unique = <Value>(values: Value[]): Value[] => [...new Set(values)];
