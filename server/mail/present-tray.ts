// The tray as its pages show it: filtered, page by page, and one mail's source as text.
import { open } from 'node:fs/promises';
import type { App } from '../app';
import { queryValue } from '../db';
import type { ShownTime } from '../i18n';
import { NotFound } from '../lib/errors';
import type { PageModel, Reader } from '../web';
import { rawPath } from './keep-mail';
import { decodeHeader } from './mime/encoded-words';
import { peekHeaders } from './peek-headers';
import { findMailboxById, type InboundMailRow } from './queries';
import {
  findTray,
  findTrayGroups,
  hasRaw,
  isImportable,
  isRefused,
  reasonOf,
  TRAY_REASONS,
  type TrayReason,
} from './tray';

const MAILS_A_PAGE = 25;
/** Enough of a mail to say who it is from and what about. */
const HEAD = 32 * 1024;
/** So much of a source is shown, in bytes; the whole of it can be downloaded. */
const LONGEST_SOURCE = 200 * 1024;

export interface TrayLine {
  id: number;
  from: string;
  subject: string;
  mailbox: string;
  at: ShownTime;
  size: string;
  reason: string;
  /** Where the raw mail is, to keep and to look at; absent once it is destroyed. */
  raw?: string;
  source?: string;
  mayTryAgain: boolean;
  /** What trying again is called here. */
  action?: string;
  mayLeave: boolean;
}

interface Choice {
  value: string;
  text: string;
}

/** views/mail/tray */
export interface TrayPage extends PageModel {
  t: Reader['t'];
  mails: TrayLine[];
  /** Absent while there is nothing to choose from. */
  filter?: { reason: string; reasons: Choice[]; mailbox: string; mailboxes: Choice[] };
  more?: string;
  /** Mails about accounts that were not sent wait elsewhere. */
  unsent?: string;
}

/** What a page of the tray is asked for: everything as it came in its address. */
export interface TrayWish {
  reason?: TrayReason;
  mailbox?: number;
  after: { state: string; id: number };
}

const FIRST = { state: '', id: 0 };

/** Anything else than a reason, a mailbox, a key that a page gave out counts as not said. */
export function trayWish(asked: Record<string, unknown>): TrayWish {
  const reason = TRAY_REASONS.find((known) => known === asked['reason']);
  const mailbox = /^\d{1,9}$/.exec(String(asked['mailbox'] ?? ''))?.[0];
  const key = /^(failed|not_imported)-(\d{1,15})$/.exec(String(asked['after'] ?? ''));
  return {
    ...(reason ? { reason } : {}),
    ...(mailbox ? { mailbox: Number(mailbox) } : {}),
    after: key ? { state: key[1] as string, id: Number(key[2]) } : FIRST,
  };
}

const countUnsent = queryValue<[], number>(`
  SELECT count(*) FROM outbox WHERE state IN ('held', 'handing over', 'uncertain', 'failed') AND state <> 'handing over' AND kind = 'account'`);

export async function trayPage(app: App, reader: Reader, wish: TrayWish): Promise<TrayPage> {
  const { t } = reader;
  const { reason = null, mailbox = null, after } = wish;
  const rows = findTray(
    app.db,
    reason,
    reason,
    mailbox,
    mailbox,
    after.state,
    after.state,
    after.id,
    MAILS_A_PAGE + 1,
  );
  const shown = rows.slice(0, MAILS_A_PAGE);
  const last = rows.length > MAILS_A_PAGE ? shown.at(-1) : undefined;
  const unsent = countUnsent(app.db) ?? 0;
  return {
    layout: 'settings',
    current: 'settings.mail-tray',
    title: t('mail.tray.title'),
    t,
    mails: await Promise.all(shown.map((row) => trayLine(app, reader, row))),
    ...filterOf(app, reader, wish),
    ...(last ? { more: addressOf(wish, `${last.state}-${last.id}`) } : {}),
    ...(unsent > 0 ? { unsent: t('mail.tray.unsent', { n: unsent }) } : {}),
  };
}

function addressOf({ reason, mailbox }: TrayWish, after: string): string {
  const asked = new URLSearchParams({
    ...(reason ? { reason } : {}),
    ...(mailbox === undefined ? {} : { mailbox: String(mailbox) }),
    after,
  });
  return `/settings/mail-tray?${asked}`;
}

/** Only what there is can be chosen, and what is chosen stays so when there is none of it left. */
function filterOf(app: App, { t, format }: Reader, wish: TrayWish): Pick<TrayPage, 'filter'> {
  const groups = findTrayGroups(app.db);
  if (groups.length === 0) return {};
  const sum = (fits: (group: (typeof groups)[number]) => boolean) =>
    format.number(groups.filter(fits).reduce((n, group) => n + group.n, 0));
  const reasons = TRAY_REASONS.filter(
    (one) => one === wish.reason || groups.some(({ reason }) => reason === one),
  );
  const mailboxes = [...new Set([...groups.map((group) => group.mailbox_id), wish.mailbox ?? []].flat())];
  const filter = {
    reason: wish.reason ?? '',
    reasons: [
      { value: '', text: `${t('mail.tray.anyReason')} (${sum(() => true)})` },
      ...reasons.map((one) => ({
        value: one,
        text: `${t(`mail.reason.short.${one}`)} (${sum(({ reason }) => reason === one)})`,
      })),
    ],
    mailbox: String(wish.mailbox ?? ''),
    mailboxes: [
      { value: '', text: t('mail.tray.anyMailbox') },
      ...mailboxes.map((id) => ({ value: String(id), text: findMailboxById(app.db, id)?.address ?? '' })),
    ],
  };
  return { filter };
}

async function trayLine(app: App, { t, format }: Reader, mail: InboundMailRow): Promise<TrayLine> {
  const head = await headOf(app, mail);
  const isThere = hasRaw(app, mail);
  const place = `/settings/mail-tray/${mail.id}`;
  const isLeftOut = isImportable(mail) && mail.reason !== 'left';
  return {
    id: mail.id,
    from: head.from || t('mail.tray.noSender'),
    subject: head.subject || t('mail.tray.noSubject'),
    mailbox: findMailboxById(app.db, mail.mailbox_id)?.address ?? '',
    at: format.time(mail.received_at),
    size: format.size(mail.size),
    reason: t(`mail.reason.${reasonOf(mail)}`),
    ...(isThere ? { raw: `${place}/raw`, source: `${place}/source` } : {}),
    mayTryAgain: ((mail.state === 'failed' || isImportable(mail)) && isThere) || isRefused(mail),
    ...(isLeftOut ? { action: t('mail.tray.import') } : {}),
    mayLeave: mail.state === 'failed',
  };
}

/** The beginning of a raw mail; what is no text is shown as a dot. */
async function beginningOf(app: App, diskName: string, length: number): Promise<Buffer> {
  const file = await open(rawPath(app.config.data, diskName));
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function headOf(app: App, mail: InboundMailRow): Promise<{ from: string; subject: string }> {
  if (!hasRaw(app, mail)) return { from: '', subject: '' };
  const found = peekHeaders(await beginningOf(app, mail.disk_name, HEAD), ['from', 'subject']);
  const first = (name: string) => decodeHeader((found[name]?.[0] ?? '').slice(0, 1_000)).slice(0, 200);
  return { from: first('from'), subject: first('subject') };
}

/** views/mail/source */
export interface SourcePage extends PageModel {
  t: Reader['t'];
  mail: TrayLine;
  text: string;
  /** It is longer than what is shown. */
  cut?: string;
}

/** Nothing of it is taken apart, so nothing of it can act. Throws NotFound when its bytes are gone. */
export async function sourcePage(app: App, reader: Reader, mail: InboundMailRow): Promise<SourcePage> {
  if (!hasRaw(app, mail)) throw NotFound('The original of this mail is not kept any more.');
  const bytes = await beginningOf(app, mail.disk_name, LONGEST_SOURCE);
  const line = await trayLine(app, reader, mail);
  return {
    layout: 'settings',
    current: 'settings.mail-tray',
    title: line.subject,
    t: reader.t,
    mail: line,
    text: new TextDecoder()
      .decode(bytes)
      .replace(/\r\n?/g, '\n')
      .replace(/(?![\n\t])\p{Cc}/gu, '·'),
    ...(mail.size > bytes.length
      ? { cut: reader.t('mail.tray.source.cut', { size: reader.format.size(bytes.length) }) }
      : {}),
  };
}
