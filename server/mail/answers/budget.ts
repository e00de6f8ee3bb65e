// How often mails are answered by themselves: so seldom that no loop turns, and nobody can have strangers flooded through us.
import type { App } from '../../app';
import { change, insert, queryOne, queryValue } from '../../db';
import { record, SYSTEM } from '../../events';
import { DAY, HOUR, MINUTE } from '../../lib/clock';
import { keyedHash } from '../../lib/ids';
import { forgetSetting, readSetting, writeSetting } from '../../settings';
import { addressKey } from '../addresses';

/** M11: to one address in a day, with the same subject and in all. */
export const WITH_ONE_SUBJECT = 2;
export const TO_ONE_ADDRESS = 10;
/** AC-21: a sender is answered once in so long. */
export const PAUSE = 5 * MINUTE;
/** AC-24: to an address that only a form on a website names, in a day. */
const TO_A_TYPED_ADDRESS = 1;
/** AC-24: to everybody together; what is more than that is a flood, and answering it would pass it on. */
export const IN_AN_HOUR = 100;
export const IN_A_DAY = 500;

const countToAddress = queryOne<[hash: string, since: number], { n: number; newest: number | null }>(
  'SELECT count(*) AS n, max(sent_at) AS newest FROM sent_answers WHERE address_hash = ? AND sent_at > ?',
);
const countWithSubject = queryValue<[hash: string, subject: string, since: number], number>(
  'SELECT count(*) FROM sent_answers WHERE address_hash = ? AND subject_hash = ? AND sent_at > ?',
);
const countSince = queryValue<[since: number], number>('SELECT count(*) FROM sent_answers WHERE sent_at > ?');
const insertSent = insert<[address: string, subject: string, now: number]>(
  'INSERT INTO sent_answers (address_hash, subject_hash, sent_at) VALUES (?, ?, ?)',
);
const deleteSentBefore = change<[time: number]>('DELETE FROM sent_answers WHERE sent_at <= ?');

export interface Asker {
  address: string;
  /** Of their mail: ours has a number in it. */
  subject: string;
  /** A form on a website named the address; nobody has shown that it is theirs. */
  isTyped: boolean;
}

/**
 * Inside the transaction that files the mail: true counts the answer as sent. Addresses and subjects are kept as keyed hashes,
 * for a day.
 */
export function takeFromBudget(app: App, asker: Asker): boolean {
  const now = app.clock.now();
  const address = keyedHash(app.key, `answered ${addressKey(asker.address)}`);
  const subject = keyedHash(app.key, `answered subject ${bareSubject(asker.subject)}`);
  const before = countToAddress(app.db, address, now - DAY);
  const most = asker.isTyped ? TO_A_TYPED_ADDRESS : TO_ONE_ADDRESS;
  if (before && (before.n >= most || (before.newest ?? 0) > now - PAUSE)) return false;
  if ((countWithSubject(app.db, address, subject, now - DAY) ?? 0) >= WITH_ONE_SUBJECT) return false;
  if (isFlooded(app, now)) {
    noteUnanswered(app, now);
    return false;
  }
  insertSent(app.db, address, subject, now);
  return true;
}

const isFlooded = (app: App, now: number): boolean =>
  (countSince(app.db, now - HOUR) ?? 0) >= IN_AN_HOUR || (countSince(app.db, now - DAY) ?? 0) >= IN_A_DAY;

/** "Re: SV: Order 17" is "order 0": the next number is no other subject, or two desks would answer each other's numbers. */
function bareSubject(subject: string): string {
  let bare = subject.slice(0, 500).toLowerCase().replace(/\d+/g, '0').replace(/\s+/g, ' ').trim();
  for (let left = 10; left > 0; left--) {
    const next = bare.replace(/^[\p{L}]{2,4}(?:\[\d{1,3}\])?\s?:\s?/u, '');
    if (next === bare) break;
    bare = next;
  }
  return bare;
}

function noteUnanswered(app: App, now: number): void {
  const before = answersPause(app);
  writeSetting(app, 'answersPaused', {
    since: before?.since ?? now,
    lastAt: now,
    unanswered: (before?.unanswered ?? 0) + 1,
  });
  if (!before) record(app, 'answers.paused', SYSTEM, { id: 1 });
}

/** The alarm: for a day after the last mail that was left without an answer. */
export function answersPause(app: Pick<App, 'db' | 'clock'>) {
  const pause = readSetting(app, 'answersPaused');
  return pause && pause.lastAt > app.clock.now() - DAY ? pause : undefined;
}

/** What no limit counts any more, and an alarm that is over. */
export function forgetOldAnswers(app: App): number {
  if (readSetting(app, 'answersPaused') && !answersPause(app)) forgetSetting(app, 'answersPaused');
  return deleteSentBefore(app.db, app.clock.now() - DAY);
}
