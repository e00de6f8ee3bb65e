// What every command is given first: the parts of the running house, as one plain object built by boot.ts.
import type { Config } from './config';
import type { Db, Write } from './db';
import type { Followers } from './events';
import type { Catalogues } from './i18n';
import type { Jobs } from './jobs';
import type { Threads } from './jobs/thread';
import type { Clock } from './lib/clock';
import type { Log } from './lib/log';
import type { Hub } from './realtime';

export interface App {
  db: Db;
  write: Write;
  config: Config;
  clock: Clock;
  log: Log;
  /** 32 bytes; seals secrets in settings and keys the ledger of erasures. */
  key: Buffer;
  hub: Hub;
  followers: Followers;
  jobs: Jobs;
  threads: Threads;
  catalogues: Catalogues;
  hooks: Hooks;
}

/**
 * Where a left domain needs something of a right one, it declares a hook here by declaration merging
 * (`declare module '../app' { interface Hooks { … } }`), and boot.ts fills it.
 */
// biome-ignore lint/suspicious/noEmptyInterface: domains add to it.
export interface Hooks {}
