// Store first (M2): the raw bytes are on disk and recorded before anything is parsed or marked on a server.
import { mkdirSync } from 'node:fs';
import { open, readFile, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../app';
import { Unavailable } from '../lib/errors';
import { randomId, sha256 } from '../lib/ids';
import { peekMessageId } from './peek-headers';
import {
  deleteRefusedMail,
  findInboundByKey,
  findInboundByPlace,
  findInboundMail,
  type InboundMailRow,
  insertInboundMail,
  type MailSource,
  updateInboundPlace,
  updateInboundRead,
  updateInboundState,
} from './queries';
import { wordsHash } from './words-hash';

export interface ArrivedMail {
  mailboxId: number;
  source: MailSource;
  raw: Uint8Array;
  /** Where it lies on the IMAP server. */
  place?: { folder: string; uidValidity: number; uid: number };
  /** History from before the first connection: never answered automatically (M5). */
  isOld?: boolean;
  /** It lies in the mailbox's folder for junk. */
  isJunk?: boolean;
  /** `raw` holds only the headers: the mail was too big, or the server could not read it out. */
  missing?: 'too-big' | 'unreadable';
  /** Called in the transaction that records it, with its id. Whoever asks files it, too: it does not wait in line with the others. */
  recorded?(id: number): void;
}

const DISK_FULL = { code: 'ENOSPC' };

/** Nothing is wrong with the mail: the disk or the database takes nothing more. */
export function isDiskFull(error: unknown): boolean {
  const { code, cause } = error as NodeJS.ErrnoException & { cause?: unknown };
  return ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'].includes(code ?? '') || cause === DISK_FULL;
}

export type Kept = { id: number; duplicate: boolean } | { erased: true };

export const rawPath = (data: string, diskName: string) => join(data, 'mail', diskName.slice(0, 2), diskName);

/** Same Message-ID to the same mailbox is the same mail; without an id the bytes decide (M3). */
export function dedupeKey(raw: Uint8Array, messageId = peekMessageId(raw)): string {
  return messageId ? `id ${sha256(messageId)}` : `bytes ${sha256(raw)}`;
}

/** Why a mail is not imported whose Message-ID another one has that says something else. */
export const OTHER_WORDS = 'other-words';
/** What its key begins with: it is a mail of its own wherever it is asked whether it is here. */
const OF_OTHER_WORDS = 'other words ';
export const saysOtherWords = (mail: Pick<InboundMailRow, 'dedupe_key'>): boolean =>
  mail.dedupe_key.startsWith(OF_OTHER_WORDS);

/**
 * Resolves once the mail is safe, or was already: the same place on the server is the same mail, also when the server reads it
 * out differently the second time. The same Message-ID with other words stays one message (M3): the later mail is listed as not
 * imported (M4). Throws what the disk says.
 */
export async function keepMail(app: App, mail: ArrivedMail): Promise<Kept> {
  const messageId = peekMessageId(mail.raw);
  const isEmpty = mail.missing !== undefined && mail.raw.byteLength === 0;
  const key = isEmpty && mail.place ? placeKey(mail.place) : dedupeKey(mail.raw, messageId);
  const words = mail.missing ? null : wordsHash(mail.raw);
  const known = findKept(app, mail, key, words).kept;
  if (known) return keepPlace(app, known, mail);
  if (app.hooks.wasErased(app, key, messageId)) return { erased: true };

  const diskName = isEmpty ? null : await writeRaw(app, mail.raw);
  const { folder, uidValidity, uid } = mail.place ?? { folder: null, uidValidity: null, uid: null };
  const kept = await app.write(() => {
    const { kept: meanwhile, key: freeKey } = findKept(app, mail, key, words);
    if (meanwhile) return { id: meanwhile.id, duplicate: true, isStored: false };
    const reason = freeKey === key ? mail.missing : OTHER_WORDS;
    const id = insertInboundMail(
      app.db,
      mail.mailboxId,
      mail.source,
      folder,
      uidValidity,
      uid,
      messageId ?? null,
      freeKey,
      words,
      diskName,
      mail.raw.byteLength,
      mail.isOld ? 1 : 0,
      mail.isJunk ? 1 : 0,
      reason ? 'not_imported' : 'stored',
      reason ?? null,
      app.clock.now(),
    );
    if (mail.recorded) mail.recorded(id);
    else if (!reason) app.db.afterCommit(() => app.hooks.mailStored(app, id));
    return { id, duplicate: reason === OTHER_WORDS, isStored: true };
  });
  if (!kept.isStored && diskName) await unlink(rawPath(app.config.data, diskName));
  return { id: kept.id, duplicate: kept.duplicate };
}

/**
 * A mail that is known already; where it lies is noted anew when that has changed, as in a folder that was numbered anew, or when it was
 * moved into another one. Its ticket hears of the folder for junk.
 */
async function keepPlace(
  app: App,
  known: InboundMailRow,
  { place, isJunk = false }: ArrivedMail,
): Promise<Kept> {
  const isElsewhere =
    place &&
    known.uid !== null &&
    (known.folder !== place.folder || known.uid_validity !== place.uidValidity);
  if (isElsewhere)
    await app.write(() => {
      const { folder, uidValidity, uid } = place;
      if (findInboundByPlace(app.db, known.mailbox_id, folder, uidValidity, uid)) return;
      updateInboundPlace(app.db, folder, uidValidity, uid, isJunk ? 1 : 0, known.id);
      const mail = findInboundMail(app.db, known.id);
      if (mail && known.is_junk !== mail.is_junk) app.hooks.mailChangedFolder(app, mail, isJunk);
    });
  return { id: known.id, duplicate: true };
}

/** A mail that the server had refused to give out has come after all: it is filed now, unless it is here already. */
export async function keepAfterAll(app: App, mail: InboundMailRow, raw: Buffer): Promise<void> {
  const messageId = peekMessageId(raw);
  const key = dedupeKey(raw, messageId);
  const words = wordsHash(raw);
  const diskName = await writeRaw(app, raw);
  const wanted = await app.write(() => {
    const { kept, key: freeKey } = findKept(app, { mailboxId: mail.mailbox_id }, key, words);
    const isWanted =
      findInboundMail(app.db, mail.id)?.reason === 'unreadable' &&
      !kept &&
      !app.hooks.wasErased(app, key, messageId);
    if (isWanted) {
      updateInboundRead(app.db, messageId ?? null, freeKey, words, diskName, raw.byteLength, mail.id);
      if (freeKey !== key) updateInboundState(app.db, 'not_imported', OTHER_WORDS, app.clock.now(), mail.id);
      else app.db.afterCommit(() => app.hooks.mailStored(app, mail.id));
    } else deleteRefusedMail(app.db, mail.id);
    return isWanted;
  });
  if (!wanted) await unlink(rawPath(app.config.data, diskName));
}

/** Of a mail without a byte, nothing but its place tells it from another (M3). */
const placeKey = ({ folder, uidValidity, uid }: NonNullable<ArrivedMail['place']>) =>
  `place ${sha256(JSON.stringify([folder, uidValidity, uid]))}`;

/** The mail as it is here already, or the key under which it may be kept. */
function findKept(
  app: App,
  { mailboxId, place }: Pick<ArrivedMail, 'mailboxId' | 'place'>,
  key: string,
  words: string | null,
): { kept?: InboundMailRow; key: string } {
  const there = place && findInboundByPlace(app.db, mailboxId, place.folder, place.uidValidity, place.uid);
  const kept = there ?? findInboundByKey(app.db, mailboxId, key);
  const isOther = !there && kept?.words_hash && words && kept.words_hash !== words;
  if (!isOther) return { kept, key };
  const otherKey = `${OF_OTHER_WORDS}${sha256(`${key} ${words}`)}`;
  return { kept: findInboundByKey(app.db, mailboxId, otherKey), key: otherKey };
}

export const readRaw = (app: App, diskName: string): Promise<Buffer> =>
  readFile(rawPath(app.config.data, diskName));

/** Destroys a raw mail's bytes; one that is gone already is what was wanted. */
export async function removeRaw(app: App, diskName: string): Promise<void> {
  await unlink(rawPath(app.config.data, diskName)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

/**
 * So much of the disk is left to what people write, in bytes: mail can wait on its server, their words cannot. A mail takes
 * its size three times, raw, as files, and in the database (AC-29).
 */
const LEFT_FREE = 50_000_000;

/** Returns the name under which the bytes lie on disk. */
export async function writeRaw(app: App, raw: Uint8Array): Promise<string> {
  const { bavail, bsize } = await statfs(app.config.data);
  if (bavail * bsize < LEFT_FREE + 3 * raw.byteLength)
    throw Unavailable(
      'The disk is nearly full: mail waits where it is until there is room again.',
      DISK_FULL,
    );
  const diskName = randomId();
  const path = rawPath(app.config.data, diskName);
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(raw);
    await file.sync();
  } finally {
    await file.close();
  }
  return diskName;
}
