// Recipients as they are typed: people separated by commas, each a plain address that may stand behind a name (AC-32).
import type { App } from '../../app';
import { Invalid } from '../../lib/errors';
import { type Address, addressKey, isOwnAddress, validAddress } from '../../mail';
import { MOST_RECIPIENTS, type Recipients, withAll } from './recipients';

/** Characters of one field: that many people with names. */
export const LONGEST_FIELD = 20_000;
const LONGEST_NAME = 100;
const LONGEST_SHOWN_NAME = 40;

export const RECIPIENT_FIELDS = ['to', 'cc', 'bcc'] as const;
export type RecipientField = (typeof RECIPIENT_FIELDS)[number];
export type Typed = Record<RecipientField, string>;

/** A key of the catalogue, and the piece it is about. */
export interface WrongRecipient {
  key: string;
  which: string;
}
export type WrongRecipients = Partial<Record<RecipientField, WrongRecipient>>;

const PIECE = /^([^<>]*)<([^<>]*)>$/;

function piecesOf(text: string): { typed: string; person?: Address }[] {
  const pieces = text
    .split(/[,;\n]/)
    .map((piece) => piece.trim())
    .filter(Boolean);
  return pieces.map((typed) => ({ typed, person: personIn(typed) }));
}

/** A name that looks like an address would hide the real one, so it is dropped. */
function personIn(typed: string): Address | undefined {
  const [, name = '', written = typed] = PIECE.exec(typed) ?? [];
  const address = validAddress(written.trim());
  if (!address) return undefined;
  return { name: name.includes('@') ? '' : plainName(name, LONGEST_NAME), address };
}

/** Fit to stand before an address in a list that commas separate. */
function plainName(name: string, most: number): string {
  const letters = [
    ...name
      .replace(/[\p{Cc}\p{Cf}\u2028\u2029<>,;"]/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  ];
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : letters.join('');
}

/** Whom a field names, as far as they can be written to. */
export const addressesIn = (text: string): string[] =>
  piecesOf(text).flatMap(({ person }) => person?.address ?? []);

/** As they stand in a field. To whom it goes is the address: no name, however long, may push it out of sight. */
export const asTyped = (people: Address[]): string =>
  people
    .map(({ name, address }) => {
      const shown = name.includes('@') ? '' : plainName(name, LONGEST_SHOWN_NAME);
      return shown ? `${shown} <${address}>` : address;
    })
    .join(', ');

export const typedOf = ({ to, cc, bcc }: Recipients): Typed => ({
  to: asTyped(to),
  cc: asTyped(cc),
  bcc: asTyped(bcc),
});

/** What keeps them from being written to; empty when nothing does. Our own mailboxes are nobody's recipients (AC-23). */
export function wrongRecipients(app: App, typed: Typed): WrongRecipients {
  const wrong: WrongRecipients = {};
  const keys = new Set<string>();
  for (const field of RECIPIENT_FIELDS)
    for (const { typed: which, person } of piecesOf(typed[field])) {
      if (!person) wrong[field] ??= { key: 'tickets.people.invalid', which };
      else if (isOwnAddress(app, person.address)) wrong[field] ??= { key: 'tickets.people.own', which };
      else keys.add(addressKey(person.address));
    }
  if (keys.size > MOST_RECIPIENTS)
    wrong.to ??= { key: 'tickets.people.tooMany', which: String(MOST_RECIPIENTS) };
  if (piecesOf(typed.to).length === 0) wrong.to ??= { key: 'tickets.people.none', which: '' };
  return wrong;
}

/** Each person once, in the first field that names them. Throws Invalid for what `wrongRecipients` finds. */
export function recipientsTyped(app: App, typed: Typed): Recipients {
  if (Object.keys(wrongRecipients(app, typed)).length > 0)
    throw Invalid('A mail goes to plain addresses that are not our own, at least one and at most fifty.');
  const taken = new Set<string>();
  const people = (field: RecipientField) =>
    piecesOf(typed[field]).flatMap(({ person }) => {
      if (!person || taken.has(addressKey(person.address))) return [];
      taken.add(addressKey(person.address));
      return person;
    });
  return withAll({ to: people('to'), cc: people('cc'), bcc: people('bcc') });
}

/** Of a form in which they may be missing, as on a page that shows none; undefined then. */
export const chosenIn = ({ to, cc, bcc }: Partial<Typed>): Typed | undefined =>
  to === undefined ? undefined : { to, cc: cc ?? '', bcc: bcc ?? '' };
