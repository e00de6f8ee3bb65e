// A lock between processes that dies with the one that holds it.
import Sqlite, { SqliteError } from 'better-sqlite3';
import { loadNative } from '../lib/native';

/**
 * Holds `file` for this process: an exclusive transaction on a small database, which the system ends whatever happens
 * to the process. Undefined, at once, when another process has it.
 */
export function takeLock(file: string): { release(): void } | undefined {
  const sql = new Sqlite(file, { timeout: 0, nativeBinding: loadNative('better_sqlite3') as never });
  try {
    sql.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    sql.close();
    if (error instanceof SqliteError && error.code === 'SQLITE_BUSY') return undefined;
    throw error;
  }
  return { release: () => sql.close() };
}
