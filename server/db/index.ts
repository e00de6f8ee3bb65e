// The door of the database: open, migrate, ask, change.
export { BACKUP_FORMAT, type BackupHeader, type BackupLine, copyDatabase, ENTRY_NAME, hashed, writeBackup } from './backup';
export { checkpoint, emptyJournal, truncateJournal } from './checkpoint';
export { Db, openDatabase, type Statement } from './database';
export { takeLock } from './lock';
export { carriedMigrations, type Migration, migrate, schemaVersion } from './migrate';
export { change, insert, query, queryColumn, queryOne, queryRaw, queryValue } from './query';
export { untilCommit } from './until-commit';
export { readEntries, type TarEntry } from './tar';
export { wipeSlack } from './wipe-slack';
export { type Write, writeQueue } from './write-queue';
