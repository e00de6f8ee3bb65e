// Sends what waits in the outbox, and writes down what the server said, word by word (O1).
import { stat } from 'node:fs/promises';
import type { App } from '../app';
import { filePath, readStored } from '../attachments';
import { sha256 } from '../lib/ids';
import { reportError } from '../lib/report-error';
import { composeMail } from './compose';
import { removeRaw } from './keep-mail';
import type { MailboxRow } from './mailbox';
import { withToken } from './oauth/with-token';
import {
  beginHandingOver,
  findDueMails,
  findNextDue,
  givePath,
  holdBack,
  insertAttempt,
  settleFailed,
  settleInDoubt,
  settleLater,
  settlePartly,
  settleSent,
  settleUnexpected,
} from './outbox';
import { addressesOf, type OutgoingMail } from './outgoing';
import { findMailboxById, findMailboxes, findOutboxMail, type OutboxRow } from './queries';
import { asSentFrom, mailboxOf } from './send-as';
import { noteCopy, writeCopy } from './sent-copies';
import { smtpSettingsOf } from './server-settings';
import type { SmtpSettings } from './smtp';
import { isSignInRefused, type MailToSend, notOpened, type SendOutcome, sendMail } from './smtp-send';

/** Mails under way from one mailbox, and in all: a server that keeps silent has only its own mailbox waiting. */
const AT_ONCE = 3;
const AT_ONCE_IN_ALL = 6;
/** Mails put off in one write while no mailbox can send: the only thread stands still for some milliseconds. */
const PUT_OFF_AT_ONCE = 100;
const LONGEST_SLEEP = 60_000;

export class Sender {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private started = false;
  private stopping = false;

  constructor(private readonly app: () => App) {}

  start(): void {
    this.started = true;
    this.stopping = false;
    this.wake();
  }

  /** Sends when the next mail is due; `least` is how long to wait at the least, in ms. */
  wake(least = 0): void {
    if (!this.started || this.running) return;
    clearTimeout(this.timer);
    const next = findNextDue(this.app().db)?.at;
    if (next === null || next === undefined) return;
    const pause = Math.min(Math.max(next - this.app().clock.now(), least), LONGEST_SLEEP);
    this.timer = setTimeout(() => {
      this.running = this.turn();
    }, pause);
  }

  async stop(): Promise<void> {
    this.started = false;
    this.stopping = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Sends everything that is due now, a few at a time; tests and the clock call it. */
  async sendDue(): Promise<void> {
    const app = this.app();
    if (!findMailboxes(app.db).some(({ smtp }) => smtp !== null)) return this.putOffDue();
    const sending = new Map<number, { lane: number; sent: Promise<void> }>();
    const failures: unknown[] = [];
    const send = async (mail: OutboxRow) => {
      await sendOne(app, mail).catch((error) => failures.push(error));
      sending.delete(mail.id);
    };
    for (;;) {
      const goesOn = !this.stopping && failures.length === 0;
      const next = goesOn ? nextDue(app, sending) : undefined;
      if (next) sending.set(next.id, { lane: laneOf(next), sent: send(next) });
      else if (sending.size === 0) break;
      else await Promise.race([...sending.values()].map(({ sent }) => sent));
    }
    if (failures.length > 0) throw failures[0];
  }

  /** A desk whose first mailbox is yet to come can have many replies that wait for it. */
  private async putOffDue(): Promise<void> {
    const app = this.app();
    for (let left = true; left && !this.stopping; ) {
      left = await app.write(() => {
        const due = findDueMails(app.db, app.clock.now(), '[]', PUT_OFF_AT_ONCE);
        for (const mail of due) settleLater(app, mail, 'no-mailbox');
        return due.length === PUT_OFF_AT_ONCE;
      });
    }
  }

  private async turn(): Promise<void> {
    let rest = 0;
    try {
      await this.sendDue();
    } catch (error) {
      // Only a database that takes nothing gets here; it is not asked again at once.
      reportError(this.app().log, 'sending mail', error);
      rest = LONGEST_SLEEP;
    }
    this.running = undefined;
    this.wake(rest);
  }
}

/** The oldest due mail that is not under way, of a mailbox that has room. */
function nextDue(app: App, sending: Map<number, { lane: number }>): OutboxRow | undefined {
  if (sending.size >= AT_ONCE_IN_ALL) return undefined;
  const lanes = Map.groupBy(sending.values(), ({ lane }) => lane);
  const full = [...lanes].filter(([, mails]) => mails.length >= AT_ONCE).map(([lane]) => lane);
  const due = findDueMails(app.db, app.clock.now(), JSON.stringify(full), sending.size + 1);
  return due.find(({ id }) => !sending.has(id));
}

const laneOf = (mail: OutboxRow) => mail.mailbox_id ?? 0;

/**
 * One attempt, and the edge where its errors end: `handing over` is committed before the message is offered, so a crash in
 * between leaves it in doubt, and a mail that cannot be composed is a failed one and holds up no other.
 */
async function sendOne(app: App, mail: OutboxRow): Promise<void> {
  const { mailbox, held } = mailboxOf(app, mail);
  if (held) return void (await app.write(() => holdBack(app, mail.id, held)));
  const settings = mailbox && smtpSettingsOf(app, mailbox);
  if (!settings || mail.mail === null)
    return void (await app.write(() => settleLater(app, mail, 'no-mailbox')));
  try {
    const composed = await compose(app, asSentFrom(app, mailbox, JSON.parse(mail.mail) as OutgoingMail));
    const send = (ready: SmtpSettings) =>
      sendMail(ready, composed, () => handOver(app, mail, mailbox, composed.raw));
    const sent = await withToken(app, mailbox, settings, send, isSignInRefused);
    const outcome = 'kind' in sent ? sent : notOpened(settings, sent);
    await app.write(() => settle(app, findOutboxMail(app.db, mail.id) as OutboxRow, outcome, composed));
    if (isPathRefused(outcome, composed)) await app.write(() => givePath(app, mail.id));
  } catch (error) {
    if (error instanceof TakenBack) return;
    if (error instanceof TooMuch)
      return void (await app.write(() => settleUnexpected(app, mail.id, 'too-much')));
    reportError(app.log, 'sending a mail', error);
    await app.write(() => settleUnexpected(app, mail.id));
  }
}

/** The copy for the folder of sent mail is safe before the mail is offered, so that a crash leaves it in doubt with its mail. */
async function handOver(app: App, mail: OutboxRow, mailbox: MailboxRow, raw: Buffer): Promise<void> {
  const copy = await writeCopy(app, mailbox, raw);
  const begun = await app.write(() => {
    // It was switched to be only read while the server was greeting.
    if (findMailboxById(app.db, mailbox.id)?.only_reads) holdBack(app, mail.id, 'mailbox-only-read');
    if (!beginHandingOver(app, mail)) return false;
    if (copy !== undefined) noteCopy(app, mail.id, mailbox, copy);
    return true;
  });
  if (begun) return;
  if (copy !== undefined) await removeRaw(app, copy);
  throw new TakenBack();
}

/** Some servers let nobody who signed in send from <>; then the answer goes from its mailbox: "null return path where possible" (AC-21). */
const isPathRefused = (outcome: SendOutcome, { envelope }: MailToSend): boolean =>
  envelope.from === null && outcome.kind === 'refused' && outcome.stage === 'sender';

/** An undo was quicker than the server's greeting. */
class TakenBack extends Error {}

/** More than any server takes. A mail is composed in memory, several times its size, so it is not begun. */
class TooMuch extends Error {}
const MOST_BYTES = 80_000_000;

async function compose(app: App, mail: OutgoingMail) {
  let bytes = 0;
  for (const { diskName } of mail.attachments) bytes += await sizeOf(app, diskName);
  if (bytes > MOST_BYTES) throw new TooMuch();
  const attachments = [];
  for (const file of mail.attachments) {
    const content = await readFor(app, file, mail.html);
    if (content) attachments.push({ ...file, content });
  }
  const { raw } = await composeMail({ ...mail, attachments });
  const to = mail.only ?? addressesOf(mail);
  const from = mail.automatic === 'answer' && !mail.hasPath ? null : mail.from.address;
  return { raw, envelope: { from, to: [...new Set(to)] } };
}

/** What is gone is found out when it is read. */
const sizeOf = (app: App, diskName: string): Promise<number> =>
  stat(filePath(app.config.data, diskName)).then(
    ({ size }) => size,
    () => 0,
  );

/** A quoted picture may have been erased since, or its quote laid out anew without it: the words leave all the same. */
async function readFor(
  app: App,
  { diskName, contentId, isQuoted }: OutgoingMail['attachments'][number],
  html: string,
): Promise<Buffer | undefined> {
  if (!isQuoted) return readStored(app, diskName);
  if (!html.includes(`cid:${contentId}`)) return undefined;
  return readStored(app, diskName).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

function settle(app: App, mail: OutboxRow, outcome: SendOutcome, { envelope, raw }: MailToSend): void {
  const note = (words: string) =>
    insertAttempt(
      app.db,
      mail.id,
      app.clock.now(),
      outcome.server,
      outcome.kind,
      words,
      'stage' in outcome ? outcome.stage : null,
      JSON.stringify(envelope.to),
      raw.length,
      sha256(raw),
    );
  switch (outcome.kind) {
    case 'sent': {
      const refused = outcome.rejected.map(({ address, answer }) => `${address}: ${answer}`).join('; ');
      note(refused ? `${outcome.answer}; ${refused}` : outcome.answer);
      if (!refused) return settleSent(app, mail, `${outcome.server}: ${outcome.answer}`);
      const permanent = outcome.rejected.every(({ answer }) => answer.startsWith('5'));
      return settlePartly(app, mail, refused, {
        only: outcome.rejected.map(({ address }) => address),
        permanent,
      });
    }
    case 'refused':
      note(outcome.answer);
      return outcome.permanent
        ? settleFailed(app, mail, outcome.answer)
        : settleLater(app, mail, outcome.answer);
    case 'unreachable':
      note(outcome.answer ?? outcome.reason);
      return settleLater(app, mail, outcome.answer ?? outcome.reason);
    case 'uncertain':
      note(outcome.reason);
      return settleInDoubt(app, mail, outcome.reason);
  }
}
