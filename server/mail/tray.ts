// The tray: mails that could not be filed wait here with their reason, the raw mail, and a "try again" (M2).
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { App } from '../app';
import { change } from '../db';
import { type Actor, record } from '../events';
import type { ShownTime } from '../i18n';
import type { PageModel, Reader } from '../web';
import { OTHER_WORDS, rawPath } from './keep-mail';
import { decodeHeader } from './mime/encoded-words';
import { peekHeaders } from './peek-headers';
import { findMailboxById, findTray, type InboundMailRow } from './queries';
import { readAnew } from './save-mailbox';
import { type UnsentLine, unsentLines } from './unsent';

const MOST_SHOWN = 100;
/** Enough of a mail to say who it is from and what about. */
const HEAD = 32 * 1024;

/** A blocked sender's mail is filed from now on whatever the list says (M4). */
const updateTryAgain = change<[id: number]>(`
  UPDATE inbound_mails SET state = 'stored', reason = NULL, attempts = 0, is_wanted = max(is_wanted, reason IS 'blocked')
   WHERE id = ? AND disk_name IS NOT NULL
     AND (state = 'failed' OR state = 'not_imported' AND reason IN ('left', 'other-words', 'blocked'))`);

/** It stays listed, and may be tried again after all. */
const updateLeft = change<[id: number]>(
  "UPDATE inbound_mails SET state = 'not_imported', reason = 'left' WHERE id = ? AND state = 'failed'",
);
/** One that its server would not give out is asked for when the mailbox is read next, which is now. */
const updateAskAgain = change<[id: number]>(
  "UPDATE inbound_mails SET attempts = 0 WHERE id = ? AND state = 'not_imported' AND reason = 'unreadable' AND uid IS NOT NULL",
);

/** False when it is not waiting in the tray any more, or its bytes are gone. Within a transaction. */
export function tryAgain(app: App, actor: Actor, id: number): boolean {
  const isStored = updateTryAgain(app.db, id) === 1;
  if (!isStored && updateAskAgain(app.db, id) === 0) return false;
  record(app, 'inbound-mail.tried-again', actor, { id });
  app.db.afterCommit(() => (isStored ? app.hooks.mailStored(app, id) : readAnew(app)));
  return true;
}

/** A person has seen it and lets it be; false when it does not wait any more. Within a transaction. */
export function leaveInTray(app: App, actor: Actor, id: number): boolean {
  if (updateLeft(app.db, id) === 0) return false;
  record(app, 'inbound-mail.left', actor, { id });
  return true;
}

export interface TrayLine {
  id: number;
  from: string;
  subject: string;
  mailbox: string;
  at: ShownTime;
  size: string;
  reason: string;
  /** Where the raw mail is; absent once it is destroyed. */
  raw?: string;
  mayTryAgain: boolean;
  /** What trying again is called here. */
  action?: string;
  mayLeave: boolean;
}

/** views/mail/tray */
export interface TrayPage extends PageModel {
  t: Reader['t'];
  mails: TrayLine[];
  /** There are more than are shown. */
  isCut: boolean;
  unsent: UnsentLine[];
}

export async function trayPage(app: App, reader: Reader): Promise<TrayPage> {
  const { t } = reader;
  const rows = findTray(app.db, MOST_SHOWN + 1);
  const mails = await Promise.all(rows.slice(0, MOST_SHOWN).map((row) => trayLine(app, reader, row)));
  return {
    layout: 'settings',
    current: 'settings.mail-tray',
    title: t('mail.tray.title'),
    t,
    mails,
    isCut: rows.length > MOST_SHOWN,
    unsent: unsentLines(app, reader),
  };
}

/** Whether the raw mail is there: it may have been destroyed, or lost with a disk. */
export const hasRaw = (app: App, mail: InboundMailRow): mail is InboundMailRow & { disk_name: string } =>
  mail.disk_name !== null && existsSync(rawPath(app.config.data, mail.disk_name));

async function trayLine(app: App, { t, format }: Reader, mail: InboundMailRow): Promise<TrayLine> {
  const head = await headOf(app, mail);
  const isThere = hasRaw(app, mail);
  const isHeldBack = mail.reason === OTHER_WORDS || mail.reason === 'blocked';
  return {
    id: mail.id,
    from: head.from || t('mail.tray.noSender'),
    subject: head.subject || t('mail.tray.noSubject'),
    mailbox: findMailboxById(app.db, mail.mailbox_id)?.address ?? '',
    at: format.time(mail.received_at),
    size: format.size(mail.size),
    reason: reasonWords(t, isRefused(mail) ? 'refused' : (mail.reason ?? '')),
    ...(isThere ? { raw: `/settings/mail-tray/${mail.id}/raw` } : {}),
    mayTryAgain:
      ((mail.state === 'failed' || mail.reason === 'left' || isHeldBack) && isThere) || isRefused(mail),
    ...(isHeldBack ? { action: t('mail.tray.import') } : {}),
    mayLeave: mail.state === 'failed',
  };
}

/** It lies on its server, which would not give it out. */
const isRefused = ({ state, reason, uid }: InboundMailRow) =>
  state === 'not_imported' && reason === 'unreadable' && uid !== null;

const REASONS = [
  'loop',
  'duplicate',
  OTHER_WORDS,
  'blocked',
  'failed-repeatedly',
  'erased',
  'too-big',
  'refused',
  'left',
  'ParseFailed',
];

/** A reason that has no words of its own is the kind of an error: the mail could not be read. */
const reasonWords = (t: Reader['t'], reason: string) =>
  t(`mail.reason.${REASONS.includes(reason) ? reason : 'unreadable'}`);

async function headOf(app: App, mail: InboundMailRow): Promise<{ from: string; subject: string }> {
  if (!hasRaw(app, mail)) return { from: '', subject: '' };
  const file = await open(rawPath(app.config.data, mail.disk_name));
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    const found = peekHeaders(buffer.subarray(0, bytesRead), ['from', 'subject']);
    const first = (name: string) => decodeHeader((found[name]?.[0] ?? '').slice(0, 1_000)).slice(0, 200);
    return { from: first('from'), subject: first('subject') };
  } finally {
    await file.close();
  }
}
