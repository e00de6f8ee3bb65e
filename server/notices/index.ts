// The door of notices.
import type { Db } from '../db';
import type { Viewer } from '../tickets';
import { unreadOf } from './queries';

export { noticesFollower } from './follow-events';
export { mailNotices, noticeMailStands } from './mail-notices';
export { noticesPersonal } from './personal';
export { readNoticesOf } from './read';
export { noticeRoutes } from './routes';
export { noticeSockets } from './sockets';
export { sweepNotices } from './sweep';

/** Tickets with something that this agent has not read. */
export const countUnread = (db: Db, agent: Viewer): number => unreadOf(db, agent).size;
