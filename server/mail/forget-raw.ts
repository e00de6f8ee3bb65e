// Raw mails that may not be kept any longer: the message that was made of them stays.
import type { App } from '../app';
import { change, query } from '../db';
import { peekHeaders } from './peek-headers';
import { type InboundMailRow, updateInboundRawGone } from './queries';

const findByDiskNames = query<[names: string], InboundMailRow[]>(
  'SELECT * FROM inbound_mails WHERE disk_name IN (SELECT value FROM json_each(?))',
);
const updateErased = change<[now: number, id: number]>(
  "UPDATE inbound_mails SET disk_name = NULL, state = 'not_imported', reason = 'erased', done_at = ? WHERE id = ?",
);
const deleteInbound = change<[id: number]>('DELETE FROM inbound_mails WHERE id = ?');

/** The rows behind raw mails on disk. */
export const findMailsOnDisk = (app: App, diskNames: string[]): InboundMailRow[] =>
  findByDiskNames(app.db, JSON.stringify(diskNames));

/** The row of a mail that was filed keeps what it needs; the bytes are removed by the caller, after the commit. */
export const forgetRaw = (app: App, mail: InboundMailRow): void => void updateInboundRawGone(app.db, mail.id);

/** A mail that waits in the tray: gone altogether when it is `theirs`, else an empty place with its reason. */
export function forgetWaiting(app: App, mail: InboundMailRow, theirs: boolean): void {
  if (theirs) deleteInbound(app.db, mail.id);
  else updateErased(app.db, app.clock.now(), mail.id);
}

/** Whether a raw mail says that it comes from one of these addresses (lower case). */
export function isFrom(raw: Uint8Array, addresses: readonly string[]): boolean {
  const headers = peekHeaders(raw, ['from', 'sender', 'reply-to']);
  const words = new Set(
    Object.values(headers)
      .flat()
      .join('\n')
      .toLowerCase()
      .split(/[\s<>(),;:"]+/),
  );
  return addresses.some((address) => words.has(address));
}
