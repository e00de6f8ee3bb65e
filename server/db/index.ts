// The door of the database: open, migrate, ask, change.
export { checkpoint, truncateJournal } from './checkpoint';
export { Db, openDatabase } from './database';
export { takeLock } from './lock';
export { carriedMigrations, type Migration, migrate, schemaVersion } from './migrate';
export { change, insert, query, queryColumn, queryOne, queryRaw, queryValue } from './query';
export { untilCommit } from './until-commit';
export { type Write, writeQueue } from './write-queue';
