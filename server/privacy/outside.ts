// The end of an erasure: what lies outside of the data folder, and what somebody has to decide. Tried again until nothing is left.
import type { App } from '../app';
import { emptyJournal, wipeSlack } from '../db';
import { record, SYSTEM } from '../events';
import { type Fate, type MailOnServer, removeFromServers } from '../mail';
import { mergeToTheEnd } from '../tickets';
import { type CertificateFacts, writeCertificate } from './certificate';
import { StillThere } from './check';
import { backupPlaces, carryToPlaces } from './copies';
import { removeUnnamedExports } from './exports';
import { noteOffServer } from './ledger';
import { hitName, placeOf, searcherOf, textsOfHit } from './namesakes';
import { exportsOnTickets, forgetExports } from './others-exports';
import {
  type ErasureRow,
  findErasure,
  updateErasureDone,
  updateErasureStep,
  updateErasureWaiting,
} from './queries';
import { removeRawOfMessages } from './remove-files';
import { added, changeRest, factsIn, isEmpty, type Rest, readRest, sealRest } from './rest';
import { takeOutOfPlaces, ticketsOfPlaces } from './take-out';

/** Leaves the erasure `done`, or `waiting` with what is still owed on its page. */
export async function settleOutside(app: App, id: number): Promise<void> {
  await app.write(() => updateErasureStep(app.db, 'outside', id));
  const row = findErasure(app.db, id) as ErasureRow;
  await eraseDecided(app, id, readRest(app, row));
  await removeMails(app, id, readRest(app, row).mails);
  const missed = await reachPlaces(app, row);
  await app.write(() => conclude(app, id, missed));
  await emptyJournal(app.db);
}

/** Places where somebody said that the name is theirs too: taken out by the same means as theirs alone. */
async function eraseDecided(app: App, id: number, { hits, names }: Rest): Promise<void> {
  const searcher = searcherOf(names);
  const gone = hits.filter((hit) => textsOfHit(app, searcher, hit).length === 0);
  const theirs = hits.filter((hit) => hit.isTheirs && !gone.includes(hit));
  const places = theirs.flatMap((hit) => placeOf(hit) ?? []);
  let raw = 0;
  if (theirs.length > 0) {
    const messages = theirs.filter(({ table }) => table === 'messages').map(({ key }) => Number(key[0]));
    await app.write(() => forgetExports(app, exportsOnTickets(app, ticketsOfPlaces(app, places))));
    await removeUnnamedExports(app);
    raw = await removeRawOfMessages(app, messages);
    await takeOutOfPlaces(app, { addresses: [] }, { places, searcher });
    await mergeToTheEnd(app);
    await wipeSlack(app.db);
    await emptyJournal(app.db);
    const left = theirs.filter((hit) => textsOfHit(app, searcher, hit).length > 0);
    if (left.length > 0) throw new StillThere(left.map(({ table }) => ({ place: table, n: 1 })));
  }
  const settled = new Set([...gone, ...theirs].map(hitName));
  if (settled.size === 0) return;
  await app.write(() =>
    changeRest(app, id, (rest, facts) => ({
      rest: { ...rest, hits: rest.hits.filter((hit) => !settled.has(hitName(hit))) },
      facts: { ...facts, removed: added(facts.removed, { elsewhere: theirs.length, 'raw-mails': raw }) },
    })),
  );
}

async function removeMails(app: App, id: number, mails: MailOnServer[]): Promise<void> {
  if (mails.length === 0) return;
  const fates = await removeFromServers(app, mails);
  const count = (fate: Fate) => fates.filter((each) => each === fate).length;
  const left = mails.filter((_, at) => fates[at] === 'unreachable');
  // One that was not found may lie in another folder, and come back from there.
  const kept = mails.filter((_, at) => fates[at] !== 'removed');
  await app.write(() => {
    noteOffServer(app, without(mails, kept));
    changeRest(app, id, (rest, facts) => ({
      rest: { ...rest, mails: left },
      facts: withServer(facts, (before) => ({
        removed: before.removed + count('removed'),
        marked: before.marked + count('marked'),
        notFound: before.notFound + count('missing'),
        notReached: before.notReached - mails.length + left.length + count('closed'),
      })),
    }));
  });
}

/** Inside a transaction: somebody said that the mails which could not be removed stay where they are. */
export const leaveMails = (app: App, id: number): void =>
  changeRest(app, id, (rest, facts) => ({ rest: { ...rest, mails: [] }, facts }));

/** Keys of mails of which no copy was kept anywhere: the same mail may lie in two mailboxes. */
function without(mails: MailOnServer[], kept: MailOnServer[]): string[] {
  const stay = new Set(kept.map(({ dedupeKey }) => dedupeKey));
  return [...new Set(mails.map(({ dedupeKey }) => dedupeKey))].filter((key) => !stay.has(key));
}

type Server = NonNullable<CertificateFacts['mailServer']>;

function withServer(facts: CertificateFacts, change: (server: Server) => Server): CertificateFacts {
  return facts.mailServer ? { ...facts, mailServer: change(facts.mailServer) } : facts;
}

/** Folders that have not got the ledger since this erasure was entered; one that was said to be gone is waited for no more. */
async function reachPlaces(app: App, row: ErasureRow): Promise<string[]> {
  if (readRest(app, row).replayed) return [];
  return carryToPlaces(app, owedPlaces(app, row));
}

export function owedPlaces(app: App, { waits_for }: Pick<ErasureRow, 'waits_for'>): string[] {
  const known = backupPlaces(app);
  if (waits_for === null) return known;
  const owed = JSON.parse(waits_for) as string[];
  return known.filter((place) => owed.includes(place));
}

function conclude(app: App, id: number, missed: string[]): void {
  const row = findErasure(app.db, id) as ErasureRow;
  const rest = readRest(app, row);
  const waited = JSON.parse(row.waits_for ?? '[]') as string[];
  const known = backupPlaces(app);
  const still = missed.filter((place) => known.includes(place));
  const { placesGone = 0, entries } = factsIn(row).ledger;
  const gone =
    placesGone + [...new Set([...waited, ...missed])].filter((place) => !known.includes(place)).length;
  const facts: CertificateFacts = {
    ...factsIn(row),
    ended: new Date(app.clock.now()).toISOString(),
    ledger: { entries, placesNotReached: still.length, ...(gone > 0 ? { placesGone: gone } : {}) },
  };
  const certificate = writeCertificate(app.key, facts);
  if (isEmpty(rest) && still.length === 0) {
    updateErasureDone(app.db, certificate, app.clock.now(), id);
    record(app, 'erasure.done', SYSTEM, row, { kind: row.kind });
    return;
  }
  const sealed = isEmpty(rest) ? null : sealRest(app, rest);
  updateErasureWaiting(app.db, certificate, sealed, JSON.stringify(still), id);
}
