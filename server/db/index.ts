// The door of the database: open, migrate, ask, change.
export {
  BACKUP_FORMAT,
  type BackupHeader,
  type BackupLine,
  copyDatabase,
  ENTRY_NAME,
  hashed,
  writeBackup,
} from './backup';
export { checkpoint, emptyJournal, truncateJournal } from './checkpoint';
export { Db, openDatabase, type Statement } from './database';
export { takeLock } from './lock';
export { carriedMigrations, type Migration, migrate, schemaVersion } from './migrate';
export { change, changeReturning, insert, query, queryColumn, queryOne, queryRaw, queryValue } from './query';
export { readEntries, type TarEntry } from './tar';
export { copyRows, openForeign, schemaOf } from './trusted-copy';
export { untilCommit } from './until-commit';
export { wipeSlack } from './wipe-slack';
export { type Write, writeQueue } from './write-queue';
