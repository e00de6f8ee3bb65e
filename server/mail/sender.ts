// Sends what waits in the outbox, and writes down what the server said, word by word (O1).
import type { App } from '../app';
import { readStored } from '../attachments';
import { reportError } from '../lib/report-error';
import { composeMail } from './compose';
import type { MailboxRow } from './mailbox';
import {
  beginHandingOver,
  findDueMails,
  findNextDue,
  insertAttempt,
  settleFailed,
  settleInDoubt,
  settleLater,
  settleSent,
} from './outbox';
import type { OutgoingMail } from './outgoing';
import { findMailboxById, findMailboxes, findOutboxMail, type OutboxRow } from './queries';
import { smtpSettingsOf } from './server-settings';
import { type SendOutcome, sendMail } from './smtp-send';

const AT_ONCE = 3;
const LONGEST_SLEEP = 60_000;

export class Sender {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopped = true;

  constructor(private readonly app: () => App) {}

  start(): void {
    this.stopped = false;
    this.wake();
  }

  wake(): void {
    if (this.stopped || this.running) return;
    clearTimeout(this.timer);
    const next = findNextDue(this.app().db)?.at;
    if (next === null || next === undefined) return;
    const pause = Math.min(Math.max(next - this.app().clock.now(), 0), LONGEST_SLEEP);
    this.timer = setTimeout(() => {
      this.running = this.sendDue()
        .catch((error) => reportError(this.app().log, 'sending mail', error))
        .finally(() => {
          this.running = undefined;
          this.wake();
        });
    }, pause);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Sends everything that is due now, a few at a time; tests and the clock call it. */
  async sendDue(): Promise<void> {
    const app = this.app();
    for (;;) {
      const due = findDueMails(app.db, app.clock.now(), AT_ONCE);
      if (due.length === 0) return;
      await Promise.all(due.map((mail) => sendOne(app, mail)));
      if (this.stopped && this.timer) return;
    }
  }
}

/** One attempt. `handing over` is committed before the message is offered; a crash in between leaves it in doubt. */
async function sendOne(app: App, mail: OutboxRow): Promise<void> {
  const mailbox = mailboxOf(app, mail);
  const settings = mailbox && smtpSettingsOf(app, mailbox);
  if (!settings || mail.mail === null) return void (await app.write(() => settleLater(app, mail, 'no-mail-server')));
  const { raw, envelope } = await compose(app, JSON.parse(mail.mail) as OutgoingMail);
  const handOver = async () => {
    if (!(await app.write(() => beginHandingOver(app, mail)))) throw new TakenBack();
  };
  try {
    const outcome = await sendMail(settings, { envelope, raw }, handOver);
    await app.write(() => settle(app, findOutboxMail(app.db, mail.id) as OutboxRow, outcome));
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
  }
}

/** An undo was quicker than the server's greeting. */
class TakenBack extends Error {}

async function compose(app: App, mail: OutgoingMail) {
  const attachments = [];
  for (const file of mail.attachments) attachments.push({ ...file, content: await readStored(app, file.diskName) });
  const { raw } = await composeMail({ ...mail, attachments });
  return { raw, envelope: { from: mail.from.address, to: [...mail.to, ...mail.cc].map((to) => to.address) } };
}

function settle(app: App, mail: OutboxRow, outcome: SendOutcome): void {
  const note = (words: string) => insertAttempt(app.db, mail.id, app.clock.now(), outcome.server, outcome.kind, words);
  switch (outcome.kind) {
    case 'sent': {
      const refused = outcome.rejected.map(({ address, answer }) => `${address}: ${answer}`).join('; ');
      note(refused ? `${outcome.answer}; ${refused}` : outcome.answer);
      return settleSent(app, mail, refused ? `${outcome.answer}; ${refused}` : `${outcome.server}: ${outcome.answer}`);
    }
    case 'refused':
      note(outcome.answer);
      return outcome.permanent ? settleFailed(app, mail, outcome.answer) : settleLater(app, mail, outcome.answer);
    case 'unreachable':
      note(outcome.answer ?? outcome.reason);
      return settleLater(app, mail, outcome.answer ?? outcome.reason);
    case 'uncertain':
      note(outcome.reason);
      return settleInDoubt(app, mail, outcome.reason);
  }
}

/** The mail's own mailbox, else the first that can send. */
function mailboxOf(app: App, mail: OutboxRow): MailboxRow | undefined {
  const own = mail.mailbox_id === null ? undefined : findMailboxById(app.db, mail.mailbox_id);
  return own?.smtp ? own : findMailboxes(app.db).find(({ smtp }) => smtp !== null);
}
