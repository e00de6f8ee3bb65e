// Compares one folder with what is here, mail by mail, and fetches at once what was missed (M4).
import type { App } from '../app';
import { DAY } from '../lib/clock';
import { type CheckRow, insertDifference, noteTally, type Tally } from './checks';
import { findCursor } from './cursors';
import type { Imap } from './imap';
import { type Head, headsOf, lookInto, type NoLook, readWhole } from './imap-look';
import { dedupeKey, keepMail } from './keep-mail';
import type { MailboxRow } from './mailbox';
import {
  countInboundUpTo,
  findInboundBetween,
  findInboundByKey,
  findInboundByPlace,
  findInboundMail,
  type InboundMailRow,
} from './queries';

const BATCH = 200;

/** Ends a comparison early; its text is what is noted as the error: the server's words, or a code of ours. */
export class Broken extends Error {}

/** Above every UID there can be. */
const ANY = Number.MAX_SAFE_INTEGER;

/** Which mails nobody asked for (M5), and up to which the mailbox was read. */
interface Bounds {
  lastUid: number;
  firstUid: number;
  oldUid: number;
  oldBefore: number;
}

export class Comparison {
  private readonly tally: Tally = {
    on_server: 0,
    looked_at: 0,
    imported: 0,
    waiting: 0,
    not_imported: 0,
    not_wanted: 0,
    newer: 0,
    missed: 0,
    gone: 0,
  };
  private uidValidity = 0;
  private begunAt = 0;

  constructor(
    private readonly app: App,
    private readonly check: CheckRow,
    private readonly mailbox: MailboxRow,
    private readonly imap: Imap,
    private readonly isJunk: boolean,
  ) {}

  async run(): Promise<void> {
    const { app, tally } = this;
    const folder = answerOf(await lookInto(this.imap, this.check.folder));
    this.uidValidity = folder.uidValidity;
    const bounds = this.bounds();
    const uids = folder.uids.filter((uid) => uid <= bounds.lastUid);
    tally.on_server = folder.uids.length;
    tally.newer = folder.uids.length - uids.length;
    tally.looked_at = tally.newer;
    let there = 0;
    for (let at = 0; at < uids.length; at += BATCH) {
      there += await this.lookAt(uids.slice(at, at + BATCH), bounds);
      await app.write(() => noteTally(app, this.check.id, tally));
    }
    const { lastUid } = bounds;
    const { id } = this.mailbox;
    const known = countInboundUpTo(app.db, id, this.check.folder, this.uidValidity, lastUid) ?? 0;
    tally.gone = Math.max(0, known - there - tally.missed);
    await app.write(() => noteTally(app, this.check.id, tally));
  }

  /** A folder whose new numbers the reader has not seen yet is compared by its mails alone. */
  private bounds(): Bounds {
    const cursor = findCursor(this.app.db, this.mailbox.id, this.check.folder);
    if (!cursor) throw new Broken('not-read-yet');
    this.begunAt = cursor.begun_at;
    const asked = cursor.begun_at - this.mailbox.first_fetch_days * DAY - DAY;
    if (cursor.uid_validity !== this.uidValidity)
      return {
        lastUid: ANY,
        firstUid: 0,
        oldUid: ANY,
        oldBefore: asked,
      };
    const isFirst = cursor.since_at !== null;
    return {
      lastUid: cursor.last_uid,
      firstUid: cursor.first_uid,
      oldUid: isFirst ? cursor.last_uid : cursor.old_uid,
      oldBefore: isFirst ? (cursor.since_at ?? 0) - DAY : (cursor.old_before_at ?? 0),
    };
  }

  /** Returns how many of them are known by their place. */
  private async lookAt(uids: number[], { firstUid, oldUid, oldBefore }: Bounds): Promise<number> {
    const { app, tally } = this;
    const [from = 0, to = 0] = [uids[0], uids.at(-1)];
    const rows = findInboundBetween(app.db, this.mailbox.id, this.check.folder, this.uidValidity, from, to);
    const known = new Map(rows.map(({ uid, state }) => [uid, state]));
    const unknown = uids.filter((uid) => !known.has(uid) && uid > firstUid);
    for (const uid of uids) {
      const state = known.get(uid);
      if (state) this.count(state);
      else if (uid <= firstUid) tally.not_wanted += 1;
    }
    const { heads } = unknown.length > 0 ? answerOf(await headsOf(this.imap, unknown)) : { heads: [] };
    for (const head of heads) {
      const isOld = head.uid <= oldUid && head.arrivedAt !== undefined && head.arrivedAt < oldBefore;
      if (isOld) tally.not_wanted += 1;
      else await this.settle(head);
    }
    // Somebody has deleted the others since the folder was looked into.
    tally.on_server -= unknown.length - heads.length;
    tally.looked_at += uids.length - unknown.length + heads.length;
    return uids.length - unknown.length - uids.filter((uid) => uid <= firstUid && !known.has(uid)).length;
  }

  /** A mail of which nothing is known at its place. */
  private async settle(head: Head): Promise<void> {
    const { app } = this;
    const key = head.messageId === undefined ? undefined : dedupeKey(Buffer.alloc(0), head.messageId);
    const same = key === undefined ? undefined : findInboundByKey(app.db, this.mailbox.id, key);
    // A second copy in the same folder may say something else under the same id: only its words tell.
    if (same && (same.folder !== this.check.folder || same.uid_validity !== this.uidValidity))
      return this.count(same.state);
    if (key !== undefined && !same && app.hooks.wasErased(app, key, head.messageId)) {
      this.tally.not_wanted += 1;
      return;
    }
    const { mail } = answerOf(await readWhole(this.imap, head));
    if (!mail) {
      this.tally.on_server -= 1;
      return;
    }
    const place = { folder: this.check.folder, uidValidity: this.uidValidity, uid: head.uid };
    const isOld = head.arrivedAt !== undefined && head.arrivedAt < this.begunAt;
    const { id: mailboxId } = this.mailbox;
    const { isJunk } = this;
    const kept = await keepMail(app, { mailboxId, source: 'imap', place, isOld, isJunk, ...mail });
    if ('erased' in kept) this.tally.not_wanted += 1;
    else await this.noteMissed(head, kept.id, place);
  }

  /** It was missed when it is here only now, at this very place; else another copy of it was here already. */
  private async noteMissed(
    head: Head,
    id: number,
    { folder, uidValidity, uid }: { folder: string; uidValidity: number; uid: number },
  ): Promise<void> {
    const { app } = this;
    const here = findInboundByPlace(app.db, this.mailbox.id, folder, uidValidity, uid);
    const isNew = here !== undefined && here.received_at >= this.check.started_at;
    if (!isNew) return this.count(findInboundMail(app.db, id)?.state ?? 'done');
    this.tally.missed += 1;
    const outcome = here.reason === null || here.state === 'failed' ? 'fetched' : 'listed';
    await app.write(() =>
      insertDifference(
        app.db,
        this.check.id,
        uid,
        head.messageId ?? null,
        head.sender,
        head.subject,
        head.arrivedAt ?? null,
        outcome,
        here.id,
      ),
    );
  }

  private count(state: InboundMailRow['state']): void {
    if (state === 'done') this.tally.imported += 1;
    else if (state === 'stored') this.tally.waiting += 1;
    else this.tally.not_imported += 1;
  }
}

/** Throws Broken for a server that said no, or a connection that broke. */
function answerOf<T extends object>(answer: T | NoLook): T {
  if ('kind' in answer) throw new Broken(answer.kind === 'refused' ? answer.answer : 'lost');
  return answer;
}
