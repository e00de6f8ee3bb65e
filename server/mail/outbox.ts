// The states of a mail that leaves, each change told to the ticket in the same transaction (O1).

import type { App } from '../app';
import { change, insert, query, queryOne } from '../db';
import { HOUR, MINUTE } from '../lib/clock';
import { Conflict } from '../lib/errors';
import type { OutgoingMail } from './outgoing';
import { findMailboxById, findOutboxMail, type OutboxRow, type OutboxState } from './queries';
import { dropCopy, releaseCopy } from './sent-copies';

/** Pauses before the next try; the last is repeated until two days have passed (O1). */
const PAUSES = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR];
const GIVE_UP_AFTER = 48 * HOUR;

const updateLater = change<[answer: string, sendAfter: number, attempts: number, id: number]>(
  "UPDATE outbox SET state = 'waiting', last_answer = ?, send_after = ?, attempts = ? WHERE id = ?",
);
const updateMail = change<[mail: string, id: number]>('UPDATE outbox SET mail = ? WHERE id = ?');
const updateState = change<
  [state: OutboxState, answer: string | null, sendAfter: number, sentAt: number | null, id: number]
>('UPDATE outbox SET state = ?, last_answer = ?, send_after = ?, sent_at = ? WHERE id = ?');
const updateHandingOver = change<[id: number]>(
  "UPDATE outbox SET state = 'handing over', attempts = attempts + 1 WHERE id = ? AND state = 'waiting'",
);
const blankMail = change<[id: number]>('UPDATE outbox SET mail = NULL WHERE id = ?');
/** `except`: a JSON list of mailboxes, 0 for mails without one. */
export const findDueMails = query<[now: number, except: string, limit: number], OutboxRow[]>(`
  SELECT * FROM outbox WHERE state = 'waiting' AND send_after <= ? AND coalesce(mailbox_id, 0) NOT IN (SELECT value FROM json_each(?))
   ORDER BY send_after, id LIMIT ?`);
export const findNextDue = queryOne<[], { at: number | null }>(
  "SELECT min(send_after) AS at FROM outbox WHERE state = 'waiting'",
);
const findHandedOver = query<[], OutboxRow[]>(
  "SELECT * FROM outbox WHERE state IN ('held', 'handing over', 'uncertain', 'failed') AND state = 'handing over'",
);
const findUnsentOf = query<[mailboxId: number], OutboxRow[]>(
  "SELECT * FROM outbox WHERE state = 'waiting' AND mailbox_id = ?",
);
const updateMailboxGone = change<[id: number]>(
  'UPDATE outbox SET mailbox_id = NULL WHERE id = ? AND mailbox_id IN (SELECT id FROM mailboxes WHERE deleted_at IS NOT NULL)',
);
const findUnsent = query<[], OutboxRow[]>("SELECT * FROM outbox WHERE state = 'waiting'");

export interface AttemptRow {
  at: number;
  server: string;
  outcome: 'sent' | 'refused' | 'unreachable' | 'uncertain';
  /** The server's literal words, or a code of ours when it said none. */
  answer: string;
  stage: string | null;
  /** JSON: for whom it was offered. */
  recipients: string;
  /** Octets of what was offered, and their SHA-256. */
  size: number | null;
  sha256: string | null;
}

export const findAttempts = query<[outboxId: number], AttemptRow[]>(
  'SELECT at, server, outcome, answer, stage, recipients, size, sha256 FROM outbox_attempts WHERE outbox_id = ? ORDER BY id',
);
export const insertAttempt = insert<
  [
    outboxId: number,
    at: number,
    server: string,
    outcome: string,
    answer: string,
    stage: string | null,
    recipients: string,
    size: number,
    sha256: string,
  ]
>(`INSERT INTO outbox_attempts (outbox_id, at, server, outcome, answer, stage, recipients, size, sha256)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);

const deleteNotice = change<[id: number]>(
  "DELETE FROM outbox WHERE id = ? AND kind = 'notice' AND state NOT IN ('handing over', 'sent')",
);

/** Inside a transaction: a mail to an agent whose reason is gone. It never was. */
export function withdrawMail(app: App, id: number): void {
  dropCopy(app, id);
  deleteNotice(app.db, id);
}

/** Committed before the message is offered to the server; false when it is not waiting any more (an undo was quicker). */
export function beginHandingOver(app: App, mail: OutboxRow): boolean {
  if (mail.kind === 'notice' && !app.hooks.noticeMailStands(app, mail.id)) return false;
  if (updateHandingOver(app.db, mail.id) === 0) return false;
  moved(app, mail.id);
  return true;
}

/** The server took it: what composing needed is not kept any longer, the server's answer is. */
export function settleSent(app: App, mail: OutboxRow, answer: string): void {
  updateState(app.db, 'sent', answer, mail.send_after, app.clock.now(), mail.id);
  blankMail(app.db, mail.id);
  releaseCopy(app, mail.id);
  moved(app, mail.id);
}

export const settleFailed = (app: App, mail: OutboxRow, answer: string) =>
  settle(app, mail, 'failed', answer);
export const settleInDoubt = (app: App, mail: OutboxRow, answer: string) =>
  settle(app, mail, 'uncertain', answer);

/** A person says that it arrived. */
export const settleUncertain = (app: App, mail: OutboxRow) => settleSent(app, mail, mail.last_answer ?? '');

/** Tries again later, or gives up after two days. `mail` as it stands now: a try that never got to the handing over is counted here. */
export function settleLater(app: App, mail: OutboxRow, answer: string): void {
  const tries = mail.state === 'waiting' ? mail.attempts + 1 : mail.attempts;
  const pause = PAUSES[Math.min(tries, PAUSES.length) - 1] as number;
  if (app.clock.now() + pause - triedSince(mail) > GIVE_UP_AFTER) return settleFailed(app, mail, answer);
  updateLater(app.db, answer, app.clock.now() + pause, tries, mail.id);
  dropCopy(app, mail.id);
  moved(app, mail.id);
}

/** The server took it for some of its recipients: from now on it is about the others only (O5). */
export function settlePartly(
  app: App,
  mail: OutboxRow,
  answer: string,
  left: { only: string[]; permanent: boolean },
): void {
  updateMail(app.db, JSON.stringify({ ...JSON.parse(mail.mail as string), only: left.only }), mail.id);
  releaseCopy(app, mail.id);
  if (left.permanent) settleFailed(app, mail, answer);
  else settleLater(app, mail, answer);
}

/** Something went wrong on our side: nothing is lost, and nothing is sent twice. */
export function settleUnexpected(app: App, id: number, why = 'not-composed'): void {
  const mail = findOutboxMail(app.db, id);
  if (mail?.state === 'handing over') settleInDoubt(app, mail, 'interrupted');
  if (mail?.state === 'waiting') settleFailed(app, mail, why);
}

/** A person's decision gives it two days anew: what was held back for a week may meet a server that is busy for a minute. */
function triedSince(mail: OutboxRow): number {
  const { triedSince } = JSON.parse(mail.mail ?? '{}') as Partial<OutgoingMail>;
  return triedSince ?? mail.created_at;
}

/**
 * A person sends it once more; when its mailbox was removed, from the first that can send, under that one's address. Throws Conflict while
 * its mailbox is only read: it stays as it was, and so does what is known of it.
 */
export function waitAgain(app: App, mail: OutboxRow): void {
  const own = mail.mailbox_id === null ? undefined : findMailboxById(app.db, mail.mailbox_id);
  if (own?.only_reads && own.deleted_at === null)
    throw Conflict(`${own.address} is only read, so nothing can be sent from it. Let it send again first.`);
  if (mail.mail !== null)
    updateMail(
      app.db,
      JSON.stringify({ ...JSON.parse(mail.mail), triedSince: app.clock.now() } satisfies OutgoingMail),
      mail.id,
    );
  updateMailboxGone(app.db, mail.id);
  const answer = holdReasonOf(mail.last_answer) ? null : mail.last_answer;
  updateState(app.db, 'waiting', answer, app.clock.now(), null, mail.id);
  moved(app, mail.id);
  app.db.afterCommit(() => app.hooks.outboxChanged(app));
}

/**
 * A person has seen that it did not arrive and leaves it at that: it is nobody's trouble any more, and it is still listed. False
 * for a mail about which there is something else to decide.
 */
export function dismiss(app: App, mail: OutboxRow): boolean {
  if (mail.state !== 'held' && mail.state !== 'failed') return false;
  settle(app, mail, 'dismissed', mail.last_answer ?? '');
  return true;
}

/** That was a mistake: it is again what it was. */
export function restoreDismissed(app: App, mail: OutboxRow, was: 'held' | 'failed'): boolean {
  if (mail.state !== 'dismissed') return false;
  settle(app, mail, was, mail.last_answer ?? '');
  return true;
}

/** After a restore: what was unsent may have been sent since the copy was made, so a person decides (O1). */
export function holdUnsent(app: App): number {
  const found = findUnsent(app.db);
  for (const mail of found) settle(app, mail, 'held', mail.last_answer ?? '');
  return found.length;
}

const updateDueNow = change<[now: number, mailboxId: number, sameNow: number]>(
  "UPDATE outbox SET send_after = ? WHERE state = 'waiting' AND attempts > 0 AND mailbox_id = ? AND send_after > ?",
);
/** The mailbox was mended: what its server had put off is tried now, and not when its pause is over. */
export function tryAtOnce(app: App, mailboxId: number): void {
  const now = app.clock.now();
  updateDueNow(app.db, now, mailboxId, now);
}

/** Why a mail that has certainly not left is held back until a person decides (O5). */
const HOLD_REASONS = ['mailbox-removed', 'mailbox-only-read', 'overtaken', 'out-of-sight'] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

/** Undefined for what is held for another reason: a restore does not know whether it left. */
export const holdReasonOf = (answer: string | null): HoldReason | undefined =>
  HOLD_REASONS.find((reason) => reason === answer);

/** The mailbox goes, or is only read from now on: its customers know its address, so a person decides about each that waits (O5). */
export function holdMailsOf(app: App, mailboxId: number, why: HoldReason): void {
  for (const mail of findUnsentOf(app.db, mailboxId)) settle(app, mail, 'held', why);
}

/** The same for one alone, which may have been under way then and was put off. One that does not wait stays as it is. */
export function holdBack(app: App, id: number, why: HoldReason): void {
  const mail = findOutboxMail(app.db, id);
  if (mail?.state === 'waiting') settle(app, mail, 'held', why);
}

/** At start: what was being handed over when the server died is in doubt, loud, and never sent again by itself (O1). */
export function markInDoubtAfterCrash(app: App): number {
  const found = findHandedOver(app.db);
  for (const mail of found) settleInDoubt(app, mail, 'interrupted');
  return found.length;
}

/** Its server let nobody send from <>, and has not got it: it is offered once more, from the mailbox's address. */
export function givePath(app: App, id: number): void {
  const mail = findOutboxMail(app.db, id);
  if (!mail?.mail || mail.kind !== 'answer' || mail.state === 'sent') return;
  updateMail(app.db, JSON.stringify({ ...JSON.parse(mail.mail), hasPath: true } satisfies OutgoingMail), id);
  updateState(app.db, 'waiting', mail.last_answer, app.clock.now(), null, id);
  moved(app, id);
  app.db.afterCommit(() => app.hooks.outboxChanged(app));
}

/** An answer that nobody wrote is no trouble for anybody when it does not leave, and a notice stands in the page. */
const stateFor = ({ kind }: OutboxRow, state: OutboxState): OutboxState =>
  (kind === 'answer' || kind === 'notice') && (state === 'failed' || state === 'held') ? 'dismissed' : state;

function settle(app: App, mail: OutboxRow, wanted: OutboxState, answer: string): void {
  const state = stateFor(mail, wanted);
  // One in doubt may turn out to have left.
  if (state !== 'uncertain') dropCopy(app, mail.id);
  updateState(app.db, state, answer, mail.send_after, mail.sent_at, mail.id);
  moved(app, mail.id);
}

function moved(app: App, id: number): void {
  const mail = findOutboxMail(app.db, id);
  if (mail) app.hooks.mailMoved(app, mail);
}
