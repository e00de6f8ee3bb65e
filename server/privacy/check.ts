// Proves that nobody is left: reads every text of every row, and every byte of every file of the data folder (P3, AC-60).
import type { App } from '../app';
import { findAddressesByKey } from '../customers';
import { searchBytes } from './byte-search';
import { lookEverywhere } from './elsewhere';
import type { Needles, Plan } from './identity';
import type { Searcher } from './spans';
import type { ErasureKind } from './survey';

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
  needles: Needles,
  kind: ErasureKind,
): Promise<{ found: Left[]; checked: Checked }> {
  const wanted = withoutThoseWhoCameBack(app, plan, needles);
  const rows = await lookEverywhere(app, plan, wanted.needles);
  const { searcher } = rows;
  const ids = wanted.needles.ids
    .map((id, index) => ({ id, index }))
    .filter(({ index }) => !searcher.isIgnored({ what: 'id', needle: index }));
  const passages = wanted.needles.passages.filter(
    (_, index) => !searcher.isIgnored({ what: 'passage', needle: index }),
  );
  const bytes = await searchBytes(app, {
    ids: ids.map(({ id }) => Buffer.from(id, 'utf8')),
    strict: ids.flatMap(({ index }, place) => (isStrict(wanted.needles, searcher, index) ? [place] : [])),
    words: passages,
  });
  const keptFiles = new Set(plan.keptFiles);
  const inFiles = bytes.hits.filter((hit) => !keptFiles.has(hit.file));
  const found = [
    ...rows.places.map(({ table, columns }) => `${table.table}.${columns.join('+')}`),
    ...inFiles.map((hit) => kindOf(hit.file)),
  ];
  return {
    found: tally(found),
    checked: {
      figures: {
        identifiers: ids.length,
        passages: passages.length,
        rows: rows.rows,
        files: bytes.files,
        bytes: bytes.bytes,
      },
      kept: {
        common: kind === 'erase' ? rows.common.passages + rows.common.numbers : 0,
        lookalikes: searcher.lookalikes.size,
        'written-since': wanted.cameBack,
      },
    },
  };
}

/** A number of this length is chance in no database. */
const TELLING_NUMBER = 12;

/**
 * Counts in raw bytes only as a word of its own: what is also part of somebody else's longer word, and short numbers, which
 * stand by chance in hashes.
 */
const isStrict = (needles: Needles, searcher: Searcher, index: number) =>
  searcher.lookalikes.has(index) ||
  (index >= needles.numbersFrom && (needles.ids[index] as string).length < TELLING_NUMBER);

/** Whoever wrote again meanwhile is there again, rightly: their address is not searched for (P5: never the person). */
function withoutThoseWhoCameBack(
  app: App,
  plan: Plan,
  needles: Needles,
): { needles: Needles; cameBack: number } {
  const back = plan.addresses.filter((key) => findAddressesByKey(app.db, key).length > 0);
  if (back.length === 0) return { needles, cameBack: 0 };
  const gone = new Set([...back, ...plan.names].map((text) => text.toLowerCase()));
  const stays = (from: number, to?: number) => needles.ids.slice(from, to).filter((id) => !gone.has(id));
  const [marks, names, numbers] = [
    stays(0, needles.namesFrom),
    stays(needles.namesFrom, needles.numbersFrom),
    stays(needles.numbersFrom),
  ];
  const ids = [...marks, ...names, ...numbers];
  return {
    needles: { ...needles, ids, namesFrom: marks.length, numbersFrom: marks.length + names.length },
    cameBack: back.length,
  };
}

const kindOf = (file: string) => (file.includes('/') ? `${file.slice(0, file.indexOf('/'))}/` : file);

function tally(places: string[]): Left[] {
  const counts = new Map<string, number>();
  for (const place of places) counts.set(place, (counts.get(place) ?? 0) + 1);
  return [...counts].map(([place, n]) => ({ place, n }));
}
