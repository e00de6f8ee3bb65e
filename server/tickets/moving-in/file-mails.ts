// The second step of an import: each mail goes in by the way of all mail, stored, parsed and filed, in the order of their dates.
import type { FileHandle } from 'node:fs/promises';
import type { App } from '../../app';
import { change } from '../../db';
import {
  dedupeKey,
  fileStoredMail,
  findInboundByKey,
  findInboundMail,
  findMailboxes,
  keepMail,
  MAX_MAIL,
  type MailboxRow,
  peekMessageId,
  readBytes,
  readFromMbox,
  readHead,
  removeRaw,
  wordsHash,
} from '../../mail';
import { messageOfMark } from '../filing/thread';
import { openBrought } from './brought';
import { isOfErased } from './erased';
import {
  findFile,
  findWaiting,
  type ImportFile,
  type ImportMail,
  type ImportRun,
  updateInboundOf,
  updateOutcome,
} from './import';

/** Mails that are stored together, in number and in bytes; one larger than that goes alone. What comes together shares a commit. */
const AT_ONCE = 32;
const BYTES_AT_ONCE = 8 * 1024 * 1024;

/** Files the next ones; false when none is waiting. */
export async function fileSome(app: App, run: ImportRun): Promise<boolean> {
  const mails = within(findWaiting(app.db, run.id, AT_ONCE));
  if (mails.length === 0) return false;
  const stored = await storeAll(app, run, mails);
  // Of one conversation each waits for those before it; the others need not.
  const earlier = new Map<number, Promise<void>>();
  const filing = stored.map(({ mail, inboundId }) => {
    const filed = fileStoredMail(app, inboundId, earlier.get(mail.thread));
    earlier.set(mail.thread, filed);
    return filed.then(() => noteOutcome(app, mail, inboundId));
  });
  // All of them come to rest before anything is thrown, so that none is at work when the next turn begins.
  const ends = await Promise.allSettled(filing);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return true;
}

function within(mails: ImportMail[]): ImportMail[] {
  let bytes = 0;
  const end = mails.findIndex(({ starts_at, ends_at }) => {
    bytes += ends_at - starts_at;
    return bytes > BYTES_AT_ONCE;
  });
  return end === -1 ? mails : mails.slice(0, Math.max(end, 1));
}

interface Stored {
  mail: ImportMail;
  inboundId: number;
}

/** Those that are to be filed; of the others it is written down why not. */
async function storeAll(app: App, run: ImportRun, mails: ImportMail[]): Promise<Stored[]> {
  const handles = new Map<number, Promise<Opened>>();
  const openedOnce = (mail: ImportMail) => {
    const known = handles.get(mail.file_id) ?? opened(app, mail);
    handles.set(mail.file_id, known);
    return known;
  };
  const ends = await Promise.allSettled(
    mails.map(async (mail): Promise<Stored | undefined> => {
      // A crash between storing and filing: it is stored already.
      if (mail.inbound_mail_id !== null) return { mail, inboundId: mail.inbound_mail_id };
      const inboundId = await store(app, run, mail, await openedOnce(mail));
      return inboundId === undefined ? undefined : { mail, inboundId };
    }),
  );
  // One that could not be opened is told by the mails that wanted it.
  for (const opening of await Promise.allSettled(handles.values()))
    if (opening.status === 'fulfilled') await opening.value.handle.close();
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return ends.flatMap((end) => (end.status === 'fulfilled' && end.value) || []);
}

interface Opened {
  file: ImportFile;
  handle: FileHandle;
}

async function opened(app: App, mail: ImportMail): Promise<Opened> {
  const file = findFile(app.db, mail.file_id) as ImportFile;
  return { file, handle: await openBrought(app, file) };
}

async function store(
  app: App,
  run: ImportRun,
  mail: ImportMail,
  { file, handle }: Opened,
): Promise<number | undefined> {
  const span = { start: mail.starts_at, end: mail.ends_at };
  const isTooBig = span.end - span.start > MAX_MAIL;
  const raw = isTooBig
    ? await readHead(handle, span)
    : file.kind === 'mbox'
      ? await readFromMbox(handle, span)
      : await readBytes(handle, span.start, span.end - span.start);
  const end = (outcome: 'known' | 'left', reason: string | null = null) =>
    app.write(() => void updateOutcome(app.db, outcome, reason, mail.id));
  if (isHere(app, raw)) return void (await end('known'));
  // Without a date, or with one to come, it stands at the time of its import: when it was sent, nobody knows.
  const sentAt = mail.sent_at < run.created_at ? mail.sent_at : undefined;
  if (isOfErased(app, raw, sentAt)) return void (await end('left', 'erased'));
  if (!isTooBig) await makeWay(app, run, raw);
  let inboundId: number | undefined;
  const kept = await keepMail(app, {
    mailboxId: run.mailbox_id,
    source: 'import',
    raw,
    isOld: true,
    ...(isTooBig ? { missing: 'too-big' as const } : {}),
    recorded(id) {
      inboundId = id;
      updateInboundOf(app.db, id, mail.id);
    },
  });
  if ('erased' in kept) await end('left', 'erased');
  else if (inboundId === undefined) await end('known');
  return inboundId;
}

/**
 * Whether one of our own mails bears this id, or the same mail came to any of our mailboxes before: an archive holds it once,
 * also where two mailboxes had it. One with other words is another mail, which is looked at as any is (M3); one that could not be
 * read, and that nobody has imported since, is not here yet.
 */
function isHere(app: App, raw: Buffer): boolean {
  const messageId = peekMessageId(raw);
  if (messageId !== undefined && messageOfMark(app, messageId)) return true;
  const key = dedupeKey(raw, messageId);
  const kept = findMailboxes(app.db).flatMap(({ id }: MailboxRow) => findInboundByKey(app.db, id, key) ?? []);
  return kept.some(({ state, words_hash: hash }) =>
    hash === null ? state === 'done' : hash === wordsHash(raw),
  );
}

const deleteRefused = change<[id: number]>(
  "DELETE FROM inbound_mails WHERE id = ? AND state = 'not_imported' AND reason = 'unreadable'",
);

/** Where the mailbox has the mail's headers only, because its server could not read it out, the whole mail takes their place. */
async function makeWay(app: App, run: ImportRun, raw: Buffer): Promise<void> {
  const there = findInboundByKey(app.db, run.mailbox_id, dedupeKey(raw, peekMessageId(raw)));
  if (there?.words_hash !== null) return;
  const isGone = await app.write(() => deleteRefused(app.db, there.id) === 1);
  if (isGone && there.disk_name) await removeRaw(app, there.disk_name);
}

/** Filing has said so itself where it came to a message; everything else waits in the tray with its reason. */
async function noteOutcome(app: App, mail: ImportMail, inboundId: number): Promise<void> {
  const inbound = findInboundMail(app.db, inboundId);
  if (inbound?.state === 'done') return;
  await app.write(() => void updateOutcome(app.db, 'tray', inbound?.reason ?? null, mail.id));
}
