// A desk whose mailbox answers by itself, and what it sends.
import type { Clock } from '../../server/lib/clock';
import type { MailboxRow } from '../../server/mail';
import { type AnswerSettings, saveAnswers } from '../../server/mail/answers/answers';
import { Sender } from '../../server/mail/sender';
import { type Desk, type MailServerAt, openDesk } from './desk';
import { type ReceivedMail, type Smtp, type SmtpOptions, startSmtp } from './smtp';

export const ON: AnswerSettings = {
  acknowledges: true,
  saysAway: false,
  words: { acknowledgement: {}, away: {} },
  hours: [],
  holidays: [],
};

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

export interface Answering {
  desk: Desk;
  mailbox: MailboxRow;
  smtp: Smtp;
  /** Sends what waits; all mails so far. */
  sent(): Promise<ReceivedMail[]>;
}

/** A desk with a mailbox that answers by itself, and a real server to send through; closed after the test. `null`: nothing was set. */
export async function answering(
  settings: Partial<AnswerSettings> | null = {},
  {
    address = 'support@teapot.example',
    imap,
    clock,
    ...options
  }: SmtpOptions & { address?: string; imap?: MailServerAt; clock?: Clock } = {},
): Promise<Answering> {
  const smtp = await startSmtp(options);
  const desk = openDesk(clock ? { clock } : {});
  const mailbox = desk.mailbox(address, { smtp: { port: smtp.port }, ...(imap ? { imap } : {}) });
  const sender = new Sender(() => desk.app);
  closing.push(
    () => smtp.stop(),
    () => desk.close(),
    () => sender.stop(),
  );
  if (settings) desk.app.db.tx(() => saveAnswers(desk.app, desk.owner, mailbox, { ...ON, ...settings }));
  return {
    desk,
    mailbox,
    smtp,
    async sent() {
      await sender.sendDue();
      return smtp.mails;
    },
  };
}

/** Answers that wait or have left. */
export const queued = (desk: Desk) =>
  desk.rows<{ recipients: string; mail: string }>(
    "SELECT recipients, mail FROM outbox WHERE kind = 'answer'",
  );
