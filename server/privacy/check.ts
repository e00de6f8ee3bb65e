// Proves that nobody is left: reads every text of every row, and every byte of every file of the data folder (P3, AC-60).
import type { App } from '../app';
import { findAddressesByKey } from '../customers';
import { searchBytes } from './byte-search';
import { lookEverywhere } from './elsewhere';
import type { Plan } from './identity';
import type { Searcher } from './spans';

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
  before: Searcher,
): Promise<{ found: Left[]; checked: Checked }> {
  const { searcher, cameBack } = withoutThoseWhoCameBack(app, plan, before);
  const { needles } = searcher;
  const rows = await lookEverywhere(app, plan, searcher);
  const isWanted = (what: 'id' | 'passage') => (_: unknown, needle: number) =>
    !searcher.isIgnored({ what, needle });
  const indexes = needles.ids.map((_, index) => index).filter((index) => isWanted('id')(undefined, index));
  const passages = needles.passages.filter(isWanted('passage'));
  const bytes = await searchBytes(app, {
    ids: indexes.map((index) => Buffer.from(needles.ids[index] as string, 'utf8')),
    strict: indexes.flatMap((index, place) => (isStrict(searcher, index) ? [place] : [])),
    words: passages,
  });
  const keptFiles = new Set(plan.keptFiles);
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
      kept: { common: searcher.common, lookalikes: searcher.lookalikes.size, 'written-since': cameBack },
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

/** Whoever wrote again meanwhile is there again, rightly: they are not searched for (P5: never the person). */
function withoutThoseWhoCameBack(
  app: App,
  plan: Plan,
  searcher: Searcher,
): { searcher: Searcher; cameBack: number } {
  const back = plan.addresses.filter((key) => findAddressesByKey(app.db, key).length > 0);
  const gone = new Set(back.length > 0 ? [...back, ...plan.names.map((name) => name.toLowerCase())] : []);
  for (const [needle, id] of searcher.needles.ids.entries()) {
    if (gone.has(id)) searcher.leaveOut(needle);
  }
  return { searcher, cameBack: back.length };
}

const kindOf = (file: string) => (file.includes('/') ? `${file.slice(0, file.indexOf('/'))}/` : file);

function tally(places: string[]): Left[] {
  const counts = new Map<string, number>();
  for (const place of places) counts.set(place, (counts.get(place) ?? 0) + 1);
  return [...counts].map(([place, n]) => ({ place, n }));
}
