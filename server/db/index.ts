// The door of the database: open, migrate, ask, change.
export { checkpoint, truncateJournal } from './checkpoint';
export { Db, openDatabase } from './database';
export { carriedMigrations, type Migration, migrate, schemaVersion } from './migrate';
export { change, insert, query, queryColumn, queryOne, queryValue } from './query';
export { type Write, writeQueue } from './write-queue';
