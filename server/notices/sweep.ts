// Old notices go, read or not.
import type { App } from '../app';
import { DAY } from '../lib/clock';
import { NOTICE_DAYS } from './notice';
import { deleteOldNotices } from './queries';

/** Inside a transaction; how many went. */
export const sweepNotices = (app: App): number =>
  deleteOldNotices(app.db, app.clock.now() - NOTICE_DAYS * DAY);
