// Wipes what deleted rows leave inside pages that are still in use.
//
// secure_delete overwrites a row where it lies and every page that is freed. But when SQLite moves rows between
// neighbouring pages it leaves the old bytes in the unused middle of a page, and a row that is deleted later is overwritten
// at its new place only: about one deletion in 3,000 left a readable copy in our trials, a third of all pages had something
// there. VACUUM rewrites every page, and holds up every writer for ten seconds at 100,000 tickets. So this writes zeros into
// the unused middle directly. It is safe because SQLite never reads those bytes, because the journal is empty at that moment
// and the page cache dropped, so that no older picture of the page comes back, and because it happens in one turn of the
// only thread that writes: half a write is as good as none.
import { fdatasync, fstatSync, readSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { emptyJournal } from './checkpoint';
import type { Db } from './database';

/** Pages a turn: a few milliseconds on the thread that serves. */
const PAGES_A_TURN = 512;
/** The first page begins with the file's own header (https://sqlite.org/fileformat2.html, 1.3). */
const FILE_HEADER = 100;
/** First byte of b-tree pages, and how long their header is; any other page begins with 0 below 64 GB. */
const PAGE_HEADERS: Record<number, number> = { 2: 12, 5: 12, 10: 8, 13: 8 };

/** Returns how many pages had something to wipe. A database in memory has no file to wipe. */
export async function wipeSlack(db: Db): Promise<number> {
  const file = db.descriptor;
  if (file === undefined) return 0;
  const pageSize = db.sql.pragma('page_size', { simple: true }) as number;
  const buffer = Buffer.alloc(PAGES_A_TURN * pageSize);
  let wiped = 0;
  for (let at = 0; at < fstatSync(file).size; at += buffer.length) {
    await emptyJournal(db);
    db.stopReading();
    db.sql.pragma('shrink_memory');
    const length = readSync(file, buffer, 0, buffer.length, at);
    for (let page = 0; page + pageSize <= length; page += pageSize) {
      const slack = slackOf(buffer.subarray(page, page + pageSize), at + page === 0 ? FILE_HEADER : 0);
      if (!slack || isZero(buffer, page + slack.from, page + slack.to)) continue;
      writeSync(file, Buffer.alloc(slack.to - slack.from), 0, slack.to - slack.from, at + page + slack.from);
      wiped += 1;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  await promisify(fdatasync)(file);
  return wiped;
}

/** The unused bytes between the list of a page's rows and the rows; undefined for pages of another kind. */
function slackOf(page: Buffer, skip: number): { from: number; to: number } | undefined {
  const header = PAGE_HEADERS[page[skip] as number];
  if (header === undefined) return undefined;
  const from = skip + header + 2 * page.readUInt16BE(skip + 3);
  const to = page.readUInt16BE(skip + 5) || 65_536;
  if (from > to || to > page.length) throw new Error('A page of the database is not what it says it is.');
  return { from, to };
}

function isZero(bytes: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return false;
  return true;
}
