// Signals about mailboxes: only admins see how they are doing.
import type { App } from '../app';

/** After the commit: something of a mailbox's health or of its comparison is different now. */
export const signalMailboxes = (app: App): void =>
  app.db.afterCommit(() => app.hub.signal('admins', 'mailboxes:changed', {}));
