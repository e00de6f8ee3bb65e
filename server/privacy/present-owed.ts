// What an erasure still waits for, as its page shows it.
import type { App } from '../app';
import { findTicketById } from '../tickets';
import type { Reader } from '../web';
import { hitName, placeOf, searcherOf, textsOfHit } from './namesakes';
import { owedPlaces } from './outside';
import type { NamesakeHit, Owed } from './page-models';
import type { ErasureRow } from './queries';
import { type Rest, readRest, undecidedOf } from './rest';
import type { Searcher } from './spans';
import { ticketsOfPlaces } from './take-out';

/** Excerpts are read from their rows each time: nothing of them is kept. */
const MOST_SHOWN = 100;
const LETTERS_BESIDE = 70;

export function owedOf(app: App, reader: Reader, row: ErasureRow): Owed {
  const { t } = reader;
  const href = `/privacy/erasures/${row.public_id}`;
  const rest = readRest(app, row);
  const { mails } = rest;
  return {
    again: `${href}/again`,
    mails:
      mails.length > 0
        ? { text: t('privacy.owed.mails', { n: mails.length }), leave: `${href}/leave-mails` }
        : undefined,
    places: row.waits_for === null ? [] : owedPlaces(app, row),
    goneAction: `${href}/place-gone`,
    namesakes: namesakesOf(app, reader, rest, `${href}/decide`),
  };
}

function namesakesOf(app: App, { t }: Reader, rest: Rest, action: string): Owed['namesakes'] {
  const undecided = undecidedOf(rest);
  if (undecided.length === 0) return undefined;
  const searcher = searcherOf(rest.names);
  const hits = undecided.slice(0, MOST_SHOWN).flatMap((hit): NamesakeHit[] => {
    const [text] = textsOfHit(app, searcher, hit);
    const place = placeOf(hit);
    if (text === undefined || !place) return [];
    const [id] = ticketsOfPlaces(app, [place]);
    const ticket = id === undefined ? undefined : findTicketById(app.db, id);
    return [
      {
        value: hitName(hit),
        ticket: ticket && { href: `/tickets/${ticket.number}`, number: `#${ticket.number}` },
        kind: t(`privacy.table.${hit.table}`),
        ...excerptOf(searcher, text),
      },
    ];
  });
  return {
    action,
    text: t('privacy.owed.namesakes', { n: undecided.length }),
    hits,
    all: undecided.length > 1 ? t('privacy.owed.decide.all', { n: undecided.length }) : undefined,
  };
}

/** The first place where the name stands, with a few words on each side. */
export function excerptOf(searcher: Searcher, text: string): Pick<NamesakeHit, 'before' | 'name' | 'after'> {
  const bytes = Buffer.from(text, 'utf8');
  const { from, to } = searcher.find(text)[0] ?? { from: 0, to: 0 };
  const before = bytes.subarray(0, from).toString('utf8');
  const after = bytes.subarray(to).toString('utf8');
  return {
    before: `${before.length > LETTERS_BESIDE ? '…' : ''}${before.slice(-LETTERS_BESIDE).toWellFormed()}`,
    name: bytes.subarray(from, to).toString('utf8'),
    after: `${after.slice(0, LETTERS_BESIDE).toWellFormed()}${after.length > LETTERS_BESIDE ? '…' : ''}`,
  };
}

/** One line for the overview of privacy, so that nobody forgets an erasure that is not done. */
export function waitingOf(
  app: App,
  { t }: Reader,
  row: ErasureRow,
): { text: string; href: string; action: string } {
  const undecided = undecidedOf(readRest(app, row)).length;
  const key = row.state === 'failed' ? 'failed' : undecided > 0 ? 'undecided' : 'outside';
  return {
    text: t(`privacy.waiting.${key}`, { n: undecided }),
    href: `/privacy/erasures/${row.public_id}`,
    action: t('privacy.waiting.open'),
  };
}
