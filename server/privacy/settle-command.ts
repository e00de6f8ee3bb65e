// `hearthdesk privacy settle`: what erasures still wait for, decided and tried again; the same as on their pages.
import type { App } from '../app';
import { SYSTEM } from '../events';
import { Invalid, NotFound } from '../lib/errors';
import { findTicketById } from '../tickets';
import { forgetCopies } from './copies';
import { type Belongs, decideHits } from './decide';
import { performErasure } from './erasing';
import { type Hit, hitName, placeOf, searcherOf, textsOfHit } from './namesakes';
import { leaveMails, owedPlaces } from './outside';
import { excerptOf } from './present-owed';
import { type ErasureRow, findErasure, findErasureByPublicId, findWaitingErasures } from './queries';
import { factsIn, readRest, undecidedOf } from './rest';
import { ticketsOfPlaces } from './take-out';

type Values = Record<string, string | undefined>;

export async function settleCommand(app: App, values: Values) {
  const { gone } = values;
  if (gone !== undefined && !(await app.write(() => forgetCopies(app, SYSTEM, gone, 'all'))))
    throw NotFound(`No backup was ever put into ${gone}.`);
  const named = values['erasure'] === undefined ? undefined : erasureNamed(app, values['erasure']);
  if (!named && (values['theirs'] || values['others'] || values['leave-mails']))
    throw Invalid('hearthdesk privacy settle needs --erasure with the number of its certificate.');
  if (named) await decide(app, named, values);
  const begun = named ? [named] : findWaitingErasures(app.db);
  // One that fails says so in its row; the next ones are tried all the same.
  for (const { id } of begun) await performErasure(app, id).catch(() => undefined);
  const rows = begun.flatMap(({ id }) => findErasure(app.db, id) ?? []);
  return {
    exit: 0,
    lines:
      rows.length === 0
        ? ['No erasure waits for anything.']
        : rows.flatMap((row) => [`Erasure ${row.public_id}: ${row.state}.`, ...owedLines(app, row)]),
    facts: { erasures: rows.map((row) => ({ certificate: row.public_id, state: row.state })) },
  };
}

function erasureNamed(app: App, number: string): ErasureRow {
  const row = findErasureByPublicId(app.db, number);
  if (!row) throw NotFound(`There is no erasure ${number}.`);
  return row;
}

async function decide(app: App, row: ErasureRow, values: Values): Promise<void> {
  for (const belongs of ['others', 'theirs'] as Belongs[]) {
    const list = values[belongs];
    if (list === undefined) continue;
    const which = list === 'all' ? 'all' : new Set(list.split(',').map((name) => name.trim()));
    const decided = await app.write(() => decideHits(app, SYSTEM, row, which, belongs));
    if (decided === 0) throw NotFound(`None of these places is undecided: ${list}.`);
  }
  if (values['leave-mails'] !== undefined) await app.write(() => leaveMails(app, row.id));
}

/** What is still to be done; the server goes on with it by itself, but for what has to be decided. */
export function owedLines(app: App, row: ErasureRow): string[] {
  if (!row.certificate) return [];
  const { mailServer } = factsIn(row);
  const rest = readRest(app, row);
  const undecided = undecidedOf(rest);
  const places = row.state === 'waiting' && row.waits_for !== null ? owedPlaces(app, row) : [];
  return [
    ...(mailServer
      ? [
          `On the mail server: ${mailServer.removed} removed, ${mailServer.notFound} not found, ${mailServer.marked} marked as deleted, ${mailServer.notReached} not reached.`,
        ]
      : []),
    ...(rest.mails.length > 0
      ? [`Not done yet: mails that could not be removed from the mail server: ${rest.mails.length}.`]
      : []),
    ...places.map((place) => `Not done yet: the ledger of erasures has not reached ${place}.`),
    ...(undecided.length > 0
      ? [
          'Not done yet: the same name stands in these places. Decide with hearthdesk privacy settle --erasure ' +
            `${row.public_id} --theirs PLACES --others PLACES:`,
          ...undecided.map((hit) => lineOf(app, rest.names, hit)),
        ]
      : []),
  ];
}

function lineOf(app: App, names: string[], hit: Hit): string {
  const searcher = searcherOf(names);
  const [text] = textsOfHit(app, searcher, hit);
  const place = placeOf(hit);
  const [id] = place ? ticketsOfPlaces(app, [place]) : [];
  const ticket = id === undefined ? undefined : findTicketById(app.db, id);
  const { before, name, after } = excerptOf(searcher, text ?? '');
  const words = `${before}${name}${after}`.replace(/\s+/g, ' ').trim();
  return `  ${hitName(hit)}${ticket ? `, ticket #${ticket.number}` : ''}: ${words}`;
}
