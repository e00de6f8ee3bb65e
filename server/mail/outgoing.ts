// Puts a mail into the outbox, in the transaction that caused it (O1).
import type { App } from '../app';
import type { Address } from './parsed-mail';
import { insertOutbox, type OutboxRow } from './queries';

/** Everything composing needs; files are named, not copied. */
export interface OutgoingMail {
  /** Without <>; 128 random bits before the @ (AC-13). */
  messageId: string;
  from: Address;
  to: Address[];
  cc: Address[];
  /** Handed to the server as recipients, and in no header (O3). */
  bcc?: Address[];
  replyTo?: string;
  subject: string;
  text: string;
  html: string;
  inReplyTo?: string;
  references: string[];
  /** Machine mail carries Auto-Submitted and our loop header (O3); an answer that nobody wrote has no way back either (AC-21). */
  automatic: boolean | 'answer';
  /** An answer whose server takes no mail from <>: it goes from the mailbox's address. */
  hasPath?: true;
  attachments: {
    diskName: string;
    name: string;
    type: string;
    contentId?: string;
    /** A picture of the quote: goes along only while it is there, and while the HTML shows it. */
    isQuoted?: boolean;
  }[];
  /** Of its recipients those whom no server has taken yet, once it took others; the mail is offered for them alone. */
  only?: string[];
  /** When a person sent it once more; the two days of trying count from then (O1). */
  triedSince?: number;
}

export interface Posting {
  mailboxId: number | null;
  kind: OutboxRow['kind'];
  /** The ticket's message that it carries. */
  message?: { id: number };
  notBefore: number;
}

/** Inside the transaction of the command that sends. The worker is woken after the commit. */
export function enqueueMail(app: App, mail: OutgoingMail, posting: Posting): number {
  const recipients = JSON.stringify(addressesOf(mail));
  const now = app.clock.now();
  const { mailboxId, kind, message, notBefore } = posting;
  const id = insertOutbox(
    app.db,
    mailboxId,
    kind,
    message?.id ?? null,
    mail.messageId,
    mail.subject,
    recipients,
    // A mail that waits for next week is given its two days from then on.
    JSON.stringify({ triedSince: notBefore, ...mail } satisfies OutgoingMail),
    'waiting',
    notBefore,
    now,
  );
  app.db.afterCommit(() => app.hooks.outboxChanged(app));
  return id;
}

/** Everybody it is handed over for. */
export const addressesOf = ({ to, cc, bcc = [] }: Pick<OutgoingMail, 'to' | 'cc' | 'bcc'>): string[] =>
  [...to, ...cc, ...bcc].map(({ address }) => address);
