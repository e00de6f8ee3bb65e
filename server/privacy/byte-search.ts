// Asks the thread that reads bytes (P3: "a check reads the bytes").
import type { App } from '../app';

export interface ByteSearch {
  /** The data folder. */
  root: string;
  /** Folders below it, '' for all of it. */
  folders: string[];
  /** Names that are not entered or read. */
  skip: string[];
  /** Files that this process holds open: opening and closing them anew would drop SQLite's locks. */
  open: { name: string; descriptor: number }[];
  /** Addresses and ids in lower case, six bytes or more. */
  ids: Uint8Array[];
  /** Which of `ids` count only as words of their own. In mails and attachments all do. */
  strict: number[];
  /** Passages, folded to letters and digits. */
  words: Uint8Array[];
}

export interface ByteHit {
  file: string;
  what: 'id' | 'words';
  /** Which of them. */
  needle: number;
}

export interface ByteAnswer {
  hits: ByteHit[];
  bytes: number;
  files: number;
}

/** The copies are not touched: they go by themselves, and a restore erases again (P4). The lock and the socket hold nothing. */
const NOT_READ = ['backups', 'lock', 'control.sock', 'secret.key', 'hearthdesk.db', 'hearthdesk.db-shm'];
const LONGEST = 24 * 3_600_000;

/** Looks through the whole data folder, or some folders of it (`files`, `mail`). */
export async function searchBytes(
  app: App,
  needles: Pick<ByteSearch, 'ids' | 'strict' | 'words'>,
  folders = [''],
): Promise<ByteAnswer> {
  const database = app.db.descriptor;
  const search: ByteSearch = {
    root: app.config.data,
    folders,
    skip: NOT_READ,
    open:
      folders.includes('') && database !== undefined ? [{ name: 'hearthdesk.db', descriptor: database }] : [],
    ...needles,
  };
  return app.threads.run<ByteAnswer>('byte-search', search, { timeoutMs: LONGEST });
}
