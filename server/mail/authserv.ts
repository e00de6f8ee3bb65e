// Whose Authentication-Results a mailbox believes: the server an admin named, the mailbox's own host, or the one that has stood
// on top of its mails for days (RFC 8601 5: a receiving server takes away what strangers wrote in its name).
import { z } from 'zod';
import type { App } from '../app';
import { change } from '../db';
import { DAY } from '../lib/clock';
import { domainOf } from './addresses';
import { topServer } from './authentication';
import type { MailboxRow } from './mailbox';
import type { InboundMailRow } from './queries';
import { storedServer } from './server-settings';

/** So many mails in a row, on so many days, before a server's name is learnt: one sender cannot teach it in a night. */
const MAILS_TO_LEARN = 20;
const DAYS_TO_LEARN = 3;
const LONGEST_NAME = 253;

/** What large providers call themselves in results, where it has nothing to do with the name of their IMAP host. */
const PROVIDERS: Record<string, string> = {
  'imap.gmail.com': 'mx.google.com',
  'imap.fastmail.com': 'messagingengine.com',
  'imap.mail.yahoo.com': 'yahoo.com',
  'imap.zoho.com': 'mx.zohomail.com',
  'imap.zoho.eu': 'mx.zohomail.eu',
};

/** The names by which hosts are called for what they do. */
const SERVICE = /^(?:imaps?|e?mail|mx|smtp|pop3?|in|incoming|mbox|mailbox|secure|server)\d*$/;

const seenServer = z.strictObject({
  server: z.string(),
  mails: z.number(),
  days: z.number(),
  lastDay: z.number(),
});
type Seen = z.infer<typeof seenServer>;

const updateSeen = change<[seen: string | null, id: number]>(
  'UPDATE mailboxes SET authserv_seen = ? WHERE id = ?',
);

/** The name that was learnt, where one was: `mx1.host.example` and `mx2.host.example` are both host.example. */
export function learntServer(mailbox: MailboxRow): string | undefined {
  const seen = seenOf(mailbox);
  return seen && isLearnt(seen) ? seen.server : undefined;
}

/** Whether results by a server of that name are the mailbox's own. */
export function believes(mailbox: MailboxRow, server: string): boolean {
  if (mailbox.authserv_id !== null) return server === mailbox.authserv_id;
  if (server === '') return false;
  const host = hostOf(mailbox);
  const known = host && (PROVIDERS[host] ?? homeOf(host));
  return (
    [known, domainOf(mailbox.address_key)].some((home) => home !== undefined && isAt(server, home)) ||
    isLearntOne(mailbox, server)
  );
}

function isLearntOne(mailbox: MailboxRow, server: string): boolean {
  const learnt = learntServer(mailbox);
  return learnt !== undefined && isAt(server, learnt);
}

/** Whether it is known whose results to believe, so that those of all others count for nothing. */
export const knowsItsServer = (mailbox: MailboxRow): boolean =>
  mailbox.authserv_id !== null ||
  learntServer(mailbox) !== undefined ||
  PROVIDERS[hostOf(mailbox) ?? ''] !== undefined;

/** Notes which server stands on top of a mail. One without any begins anew what is not learnt yet. Within a transaction. */
export function noteServer(app: App, mailbox: MailboxRow, mail: InboundMailRow, headers: string[]): void {
  const seen = seenOf(mailbox);
  if (mailbox.authserv_id !== null || (seen && isLearnt(seen))) return;
  const server = topServer(headers);
  const day = Math.floor(mail.received_at / DAY);
  const next = nextSeen(
    seen,
    server && server.length <= LONGEST_NAME ? (homeOf(server) ?? server) : undefined,
    day,
  );
  if (next !== seen) updateSeen(app.db, next ? JSON.stringify(next) : null, mailbox.id);
}

function nextSeen(seen: Seen | undefined, server: string | undefined, day: number): Seen | undefined {
  if (!server) return undefined;
  if (seen?.server !== server) return { server, mails: 1, days: 1, lastDay: day };
  return { server, mails: seen.mails + 1, days: seen.days + (day > seen.lastDay ? 1 : 0), lastDay: day };
}

const isLearnt = ({ mails, days }: Seen) => mails >= MAILS_TO_LEARN && days >= DAYS_TO_LEARN;

function seenOf({ authserv_seen: stored }: MailboxRow): Seen | undefined {
  return stored === null ? undefined : seenServer.parse(JSON.parse(stored));
}

const hostOf = ({ imap }: MailboxRow): string | undefined =>
  imap === null ? undefined : storedServer.parse(JSON.parse(imap)).host.toLowerCase();

/** Where a host stands: `imap.firm.example` at firm.example, any other at its own name. An address stands nowhere. */
function homeOf(host: string): string | undefined {
  if (/^[\d.]+$|:/.test(host) || !host.includes('.')) return undefined;
  const [first = '', ...rest] = host.split('.');
  return SERVICE.test(first) && rest.length >= 2 ? rest.join('.') : host;
}

const isAt = (server: string, home: string) => server === home || server.endsWith(`.${home}`);
