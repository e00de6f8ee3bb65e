// The door of notices.
export { noticesFollower } from './follow-events';
export { mailNotices, noticeMailStands } from './mail-notices';
export { noticesPersonal } from './personal';
export { countUnread } from './queries';
export { readNoticesOf } from './read';
export { noticeRoutes } from './routes';
export { noticeSockets } from './sockets';
export { sweepNotices } from './sweep';
