// Proves that nobody is left: reads every text of every row, and every byte of every file of the data folder (P3, AC-60).
import type { App } from '../app';
import { searchBytes } from './byte-search';
import { lookEverywhere } from './elsewhere';
import type { Plan } from './identity';
import { findReturned } from './returned';
import type { Searcher, Span } from './spans';

export interface Left {
  /** A table and column, or a file of the data folder. */
  place: string;
  n: number;
}

export interface Checked {
  figures: { identifiers: number; passages: number; rows: number; files: number; bytes: number };
  /** What is not counted as left, by its reason. */
  kept: Record<string, number>;
}

export class StillThere extends Error {
  constructor(readonly places: Left[]) {
    super('something of the person is still there');
    this.name = 'StillThere';
  }
}

export async function checkNothingIsLeft(
  app: App,
  plan: Plan,
  searcher: Searcher,
): Promise<{ found: Left[]; checked: Checked }> {
  const { needles } = searcher;
  const returned = await findReturned(app, plan);
  const rows = await lookEverywhere(app, plan, searcher, returned.rows);
  // In the bytes of the database nobody can tell their new rows from old ones; the rows were read one by one.
  const theirsAgain = new Set(rows.skipped.map(nameOf));
  const isWanted = (what: Span['what']) => (_: unknown, needle: number) =>
    !searcher.isIgnored({ what, needle }) && !theirsAgain.has(nameOf({ what, needle }));
  const indexes = needles.ids.map((_, index) => index).filter((index) => isWanted('id')(undefined, index));
  const passages = needles.passages.filter(isWanted('passage'));
  const bytes = await searchBytes(app, {
    ids: indexes.map((index) => Buffer.from(needles.ids[index] as string, 'utf8')),
    strict: indexes.flatMap((index, place) => (isStrict(searcher, index) ? [place] : [])),
    words: passages,
  });
  const keptFiles = new Set([...plan.keptFiles, ...returned.files]);
  const found = [
    ...rows.places.flatMap(({ table, columns }) => columns.map((column) => `${table.table}.${column}`)),
    ...bytes.hits.filter((hit) => !keptFiles.has(hit.file)).map((hit) => kindOf(hit.file)),
  ];
  return {
    found: tally(found),
    checked: {
      figures: {
        identifiers: indexes.length,
        passages: passages.length,
        rows: rows.rows,
        files: bytes.files,
        bytes: bytes.bytes,
      },
      kept: { common: searcher.common, lookalikes: searcher.lookalikes.size, 'written-since': returned.n },
    },
  };
}

/** A number of this length is chance in no database. */
const TELLING_NUMBER = 12;

/**
 * Counts in raw bytes only as a word of its own: what is also part of somebody else's longer word, and short numbers, which
 * stand by chance in hashes.
 */
const isStrict = ({ needles, lookalikes }: Searcher, index: number) =>
  lookalikes.has(index) ||
  (index >= needles.numbersFrom && (needles.ids[index] as string).length < TELLING_NUMBER);

const nameOf = ({ what, needle }: Pick<Span, 'what' | 'needle'>) => `${what} ${needle}`;

const kindOf = (file: string) => (file.includes('/') ? `${file.slice(0, file.indexOf('/'))}/` : file);

function tally(places: string[]): Left[] {
  const counts = new Map<string, number>();
  for (const place of places) counts.set(place, (counts.get(place) ?? 0) + 1);
  return [...counts].map(([place, n]) => ({ place, n }));
}
