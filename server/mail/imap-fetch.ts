// What is new in a folder, mail by mail: the cursor is UIDVALIDITY and the last UID, nothing else (M1).
import type { ImapFlow } from 'imapflow';
import { type Imap, isAnswer } from './imap';

/** Up to and with `lastUid` everything was taken. */
export interface Cursor {
  uidValidity: number;
  lastUid: number;
}

export interface FetchedMail {
  uid: number;
  uidValidity: number;
  /** Octets, as the server counts them. */
  size: number;
  /** When it arrived on the server, milliseconds; undefined when the server does not say. */
  arrivedAt: number | undefined;
  /** The whole mail, or only its headers (at most) when `missing` says why. */
  raw: Buffer;
  missing?: 'too-big' | 'unreadable';
}

/**
 * `renumbered`: the server gave the folder another UIDVALIDITY, so the UIDs of before mean nothing. Nothing was
 * fetched; going on with the cursor that comes back reads the folder from its beginning, and what was taken before
 * is recognised by its Message-ID (M3). `lost`: the connection is of no more use; go on later with the last cursor. `at` is
 * the mail over which it was lost, where that is known.
 */
export type FetchEnd =
  | { kind: 'done'; cursor: Cursor; fetched: number }
  | { kind: 'renumbered'; cursor: Cursor; messages: number }
  | { kind: 'refused'; answer: string }
  | { kind: 'lost'; cursor: Cursor; at?: number };

/** An attachment of 50 MB has to come through (M13): on its way it is a third longer, and has line breaks. */
export const MAX_MAIL = 80 * 1024 * 1024;
const BATCH_MAILS = 50;
const BATCH_BYTES = 1024 * 1024;

export interface FetchOptions {
  maxBytes?: number;
  /** One mail at a time, so that it is known over which one a connection is lost. */
  singly?: boolean;
  /** A mail that is not asked for: it is handed over as unreadable. */
  leaveOut?: number | undefined;
}

interface Listed {
  uid: number;
  size: number;
  arrivedAt: number | undefined;
}

/** A cursor for a mailbox that is new to us: from now on, or with the mails of the last days (M5). */
export async function firstCursor(
  imap: Imap,
  folder: string,
  days: number,
  now: number,
): Promise<Cursor | Extract<FetchEnd, { kind: 'refused' | 'lost' }>> {
  return answered(imap, { uidValidity: 0, lastUid: 0 }, async () => {
    const opened = await imap.client.mailboxOpen(folder, { readOnly: true });
    const uidValidity = Number(opened.uidValidity);
    const since = new Date(now - days * 86_400_000);
    const recent = days > 0 && opened.exists > 0 ? await imap.client.search({ since }, { uid: true }) : [];
    const oldest = recent ? recent.reduce((least, uid) => Math.min(least, uid), Number.POSITIVE_INFINITY) : 1;
    return {
      uidValidity,
      lastUid: Number.isFinite(oldest) ? oldest - 1 : await highestUid(imap.client, opened),
    };
  });
}

/**
 * Hands over every mail after the cursor in the order of UIDs, one at a time: the next is fetched when `onMail` has
 * resolved. The folder is opened for reading only and mails are peeked at, so no flag changes, and none is relied
 * on. What `onMail` throws is thrown on, with nothing lost: the mail stays behind the caller's cursor.
 */
export async function fetchSince(
  imap: Imap,
  folder: string,
  cursor: Cursor,
  onMail: (mail: FetchedMail) => Promise<void>,
  { maxBytes = MAX_MAIL, singly = false, leaveOut }: FetchOptions = {},
): Promise<FetchEnd> {
  const reached = { ...cursor };
  imap.news = false;
  const opened = await answered(imap, reached, () => imap.client.mailboxOpen(folder, { readOnly: true }));
  if ('kind' in opened) return opened;
  const uidValidity = Number(opened.uidValidity);
  if (uidValidity !== cursor.uidValidity) {
    return { kind: 'renumbered', cursor: { uidValidity, lastUid: 0 }, messages: opened.exists };
  }
  const waiting =
    opened.exists > 0 ? await answered(imap, reached, () => listAfter(imap.client, cursor.lastUid)) : [];
  if ('kind' in waiting) return waiting;

  let fetched = 0;
  for (const batch of inBatches(waiting, maxBytes, singly ? 1 : BATCH_MAILS)) {
    const sources = await answered(imap, reached, () => readBatch(imap.client, batch, maxBytes, leaveOut));
    if ('kind' in sources)
      return sources.kind === 'lost' && batch.length === 1 ? { ...sources, at: batch[0]?.uid } : sources;
    for (const listed of batch) {
      const source = sources.get(listed.uid);
      if (source) {
        await onMail({ ...listed, uidValidity, ...source });
        fetched += 1;
      }
      reached.lastUid = listed.uid;
    }
  }
  return { kind: 'done', cursor: reached, fetched };
}

/** Sizes first, so that nothing too big is ever asked for. `n:*` always names the last mail, even an old one. */
async function listAfter(client: ImapFlow, lastUid: number): Promise<Listed[]> {
  const listed: Listed[] = [];
  for await (const mail of client.fetch(
    `${lastUid + 1}:*`,
    { uid: true, size: true, internalDate: true },
    { uid: true },
  )) {
    if (mail.uid <= lastUid) continue;
    const arrivedAt = mail.internalDate ? new Date(mail.internalDate).getTime() : Number.NaN;
    listed.push({
      uid: mail.uid,
      size: mail.size ?? 0,
      arrivedAt: Number.isNaN(arrivedAt) ? undefined : arrivedAt,
    });
  }
  return listed.sort((a, b) => a.uid - b.uid);
}

/** Few round trips for many small mails, and never more than a megabyte waiting unless one mail alone is larger. */
function* inBatches(waiting: Listed[], maxBytes: number, most: number): Generator<Listed[]> {
  let batch: Listed[] = [];
  let bytes = 0;
  for (const listed of waiting) {
    const size = listed.size > maxBytes ? 0 : listed.size;
    if (batch.length > 0 && (batch.length === most || bytes + size > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(listed);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

type Source = Pick<FetchedMail, 'raw' | 'missing'>;
const UNREADABLE: Source = { raw: Buffer.alloc(0), missing: 'unreadable' };

/** A mail that was deleted meanwhile is not in the result. */
async function readBatch(
  client: ImapFlow,
  batch: Listed[],
  maxBytes: number,
  leaveOut: number | undefined,
): Promise<Map<number, Source>> {
  const sources = new Map<number, Source>();
  if (leaveOut !== undefined) sources.set(leaveOut, UNREADABLE);
  const small = batch.filter(({ uid, size }) => size <= maxBytes && uid !== leaveOut);
  const together =
    small.length === 0
      ? []
      : await client
          .fetchAll(small.map(({ uid }) => uid).join(','), { uid: true, source: true }, { uid: true })
          .catch(emptyIfRefused);
  for (const { uid, source } of together) {
    if (source?.length) sources.set(uid, { raw: source });
  }
  for (const { uid, size } of batch) {
    const source = sources.get(uid) ?? (await readAlone(client, uid, size > maxBytes));
    if (source) sources.set(uid, source);
  }
  return sources;
}

/**
 * Asks once more for a mail that the server refused; the folder is open. `gone`: it lies there no longer. Undefined when
 * it is refused again, or the connection broke.
 */
export async function readOnceMore(imap: Imap, uid: number): Promise<Buffer | 'gone' | undefined> {
  const answer = await answered(imap, { uidValidity: 0, lastUid: 0 }, async () => ({
    mail: await readAlone(imap.client, uid, false),
  }));
  if (!('mail' in answer)) return undefined;
  if (!answer.mail) return 'gone';
  return answer.mail.missing ? undefined : answer.mail.raw;
}

/** Servers may refuse a single broken mail, or give nothing for it; it is handed over as unreadable instead of stopping the folder (M2). */
export async function readAlone(client: ImapFlow, uid: number, tooBig: boolean): Promise<Source | undefined> {
  const [found] = await client.fetchAll(String(uid), { uid: true }, { uid: true });
  if (!found) return undefined;
  const query = tooBig ? { headers: true } : { source: true };
  const [mail] = await client.fetchAll(String(uid), query, { uid: true }).catch(emptyIfRefused);
  if (tooBig) return { raw: mail?.headers ?? Buffer.alloc(0), missing: 'too-big' };
  return mail?.source?.length ? { raw: mail.source } : UNREADABLE;
}

function emptyIfRefused(error: unknown): [] {
  if (isAnswer(error) && error.code !== 'ETHROTTLE') return [];
  throw error;
}

async function highestUid(client: ImapFlow, opened: { exists: number; uidNext?: number }): Promise<number> {
  if (opened.uidNext) return opened.uidNext - 1;
  const last = opened.exists > 0 ? await client.fetchOne('*', { uid: true }) : undefined;
  return last ? last.uid : 0;
}

/** A server's no and a broken connection are values here; the connection is closed after the latter. */
export async function answered<T extends object>(imap: Imap, cursor: Cursor, ask: () => Promise<T>) {
  try {
    const answer = await ask();
    // On a connection that broke meanwhile imapflow finds no mails, which is not the same as there being none.
    if (imap.client.mailbox) return answer;
  } catch (error) {
    if (isAnswer(error) && error.code !== 'ETHROTTLE') {
      return {
        kind: 'refused' as const,
        answer: `${error.responseStatus} ${error.responseText ?? ''}`.trim(),
      };
    }
  }
  imap.client.close();
  return { kind: 'lost' as const, cursor: { ...cursor } };
}
