// What mail asks of the rooms to its right; boot.ts fills it.
import type { App } from '../app';
import type { StoredFile } from '../attachments';
import type { DnsKind } from './dns';
import type { OAuthProviders } from './oauth/provider';
import type { ParsedMail } from './parsed-mail';
import type { InboundMailRow, OutboxRow } from './queries';

/** What became of a mail: a message of a ticket, or a reason why not. */
export type Filed = { ticketId: number; messageId: number } | { notImported: string };

declare module '../app' {
  interface Hooks {
    /** Files a parsed mail, inside one transaction; `files` belong to `parsed.attachments`, in order. */
    fileMail(app: App, mail: InboundMailRow, parsed: ParsedMail, files: StoredFile[]): Filed;
    /** A mail that is here already was moved into the folder for junk, or out of it. Inside the transaction that notes it. */
    mailChangedFolder(app: App, mail: InboundMailRow, isJunk: boolean): void;
    /** M14: whether a mail that lies in a mailbox's folder for sent mail answers a ticket, and did not leave from here. */
    isAnswerFromElsewhere(app: App, mailboxId: number, own: string | undefined, answered: string[]): boolean;
    /** P5: true when this very mail was erased; it is not taken in again. */
    wasErased(app: App, dedupeKey: string, messageId: string | undefined): boolean;
    /** What a name has in DNS. Throws an error with a `code`, as node:dns does. */
    askDns(name: string, kind: DnsKind): Promise<unknown[]>;
    /** Domains of our mailboxes and sites, lower case (M9). */
    ownDomains(app: App): string[];
    /** The outbox has something new to do. */
    outboxChanged(app: App): void;
    /** A copy of a sent mail is due for its folder. */
    copyWaits(app: App): void;
    /** A mailbox was added, changed or removed. Resolves when all are read with what is stored now. */
    mailboxesChanged(app: App): Promise<void>;
    /** A mail's state changed; the ticket's message follows it. Inside the transaction that changes it. */
    mailMoved(app: App, mail: OutboxRow): void;
    /** Whether what a mail tells an agent is still to be told; if not, it is withdrawn. Inside the transaction that hands it over. */
    noticeMailStands(app: App, mail: number): boolean;
    /** Compares a mailbox with what is here, as a check that was begun (M4). */
    checkMailbox(app: App, check: number): Promise<void>;
    /** The same for all of them; returns counts for the run. */
    checkMailboxes(app: App): Promise<Record<string, number>>;
    /** Where mailboxes are signed in at without a password; tests have servers of their own. */
    oauthProviders(): OAuthProviders;
    /** A raw mail was stored and waits to be filed. */
    mailStored(app: App, id: number): void;
  }
}
