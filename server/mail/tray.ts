// The tray: mails that were not filed wait here with their reason, the raw mail, and a way to file them after all (M2, M4).
import { existsSync } from 'node:fs';
import type { App } from '../app';
import { change, query } from '../db';
import { type Actor, record } from '../events';
import { OTHER_WORDS, rawPath } from './keep-mail';
import type { InboundMailRow } from './queries';
import { readAnew } from './save-mailbox';

/** Why a mail is in the tray, as it is told and filtered by. `unreadable` is any error that has no words of its own. */
export const TRAY_REASONS = [
  'failed-repeatedly',
  'ParseFailed',
  'unreadable',
  'refused',
  'loop',
  'duplicate',
  OTHER_WORDS,
  'blocked',
  'too-big',
  'no-ticket',
  'erased',
  'left',
] as const;
export type TrayReason = (typeof TRAY_REASONS)[number];

/** What was left out on purpose and is here with its bytes. Never what was erased (P5). */
const IMPORTABLE = ['left', OTHER_WORDS, 'loop', 'duplicate', 'too-big', 'blocked'];
const IN_WORDS = IMPORTABLE.map((reason) => `'${reason}'`).join(', ');

const updateTryAgain = change<[id: number]>(`
  UPDATE inbound_mails SET state = 'stored', reason = NULL, attempts = 0, 
         is_wished = max(is_wished, state = 'not_imported' AND reason <> 'left')
   WHERE id = ? AND (state = 'failed' OR state = 'not_imported' AND reason IN (${IN_WORDS})) AND disk_name IS NOT NULL`);

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

/** Whether the raw mail is there: it may have been destroyed, or lost with a disk. */
export const hasRaw = (app: App, mail: InboundMailRow): mail is InboundMailRow & { disk_name: string } =>
  mail.disk_name !== null && existsSync(rawPath(app.config.data, mail.disk_name));

const IN_TRAY = "state IN ('failed', 'not_imported')";
const REASON = `CASE WHEN state = 'not_imported' AND reason = 'unreadable' AND uid IS NOT NULL THEN 'refused'
  WHEN reason IN (${TRAY_REASONS.map((reason) => `'${reason}'`).join(', ')}) THEN reason ELSE 'unreadable' END`;

export const findTrayGroups = query<[], { mailbox_id: number; reason: TrayReason; n: number }[]>(
  `SELECT mailbox_id, ${REASON} AS reason, count(*) AS n FROM inbound_mails WHERE ${IN_TRAY} GROUP BY 1, 2`,
);

/** A page of it: those that failed, then those not imported, each newest first. Null stands for any. */
export const findTray = query<
  [
    reason: string | null,
    sameReason: string | null,
    mailbox: number | null,
    sameMailbox: number | null,
    state: string,
    sameState: string,
    before: number,
    limit: number,
  ],
  InboundMailRow[]
>(`
  SELECT * FROM inbound_mails
   WHERE ${IN_TRAY} AND (? IS NULL OR ${REASON} = ?) AND (? IS NULL OR mailbox_id = ?) AND (state > ? OR (state = ? AND id < ?))
   ORDER BY state, id DESC LIMIT ?`);

export function reasonOf(mail: InboundMailRow): TrayReason {
  if (isRefused(mail)) return 'refused';
  return TRAY_REASONS.find((reason) => reason === mail.reason) ?? 'unreadable';
}

/** It lies on its server, which would not give it out. */
export const isRefused = ({ state, reason, uid }: InboundMailRow) =>
  state === 'not_imported' && reason === 'unreadable' && uid !== null;

/** What was left out on purpose, and may be imported after all while its bytes are there. */
export const isImportable = ({ state, reason }: InboundMailRow) =>
  state === 'not_imported' && IMPORTABLE.includes(reason ?? '');
