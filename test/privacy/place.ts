// A desk on real files in a folder of its own, letters that arrive as bytes, and what can be read of them afterwards.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseFile, prepareFolder } from '../../server/data-folder';
import { migrate, openDatabase } from '../../server/db';
import type { Clock } from '../../server/lib/clock';
import { keepMail, localMailbox } from '../../server/mail';
import type { Ticket } from '../../server/tickets';
import { type Desk, openDesk } from '../support/desk';

export interface Place extends Desk {
  /** A raw mail arrives and is filed; returns the ticket it is on now, if any. */
  arrives(raw: string | Buffer): Promise<Ticket | undefined>;
  /** How often a text stands in any byte of the data folder, whatever its case; `backups` not counted. */
  hits(text: string): { file: string; at: number }[];
}

export async function openPlace(
  folder = mkdtempSync(join(tmpdir(), 'privacy-')),
  clock?: Clock,
): Promise<Place> {
  prepareFolder(folder);
  const db = openDatabase(databaseFile(folder));
  migrate(db);
  const desk = openDesk({ db, data: folder, clock });
  return Object.assign(desk, {
    async arrives(raw: string | Buffer) {
      const bytes = typeof raw === 'string' ? Buffer.from(raw.replace(/\r?\n/g, '\r\n')) : raw;
      const kept = await keepMail(desk.app, {
        mailboxId: localMailbox(desk.app).id,
        source: 'deliver',
        raw: bytes,
      });
      await desk.house.intake.settled();
      desk.app.followers.catchUp();
      const id = 'id' in kept ? kept.id : 0;
      const [mail] = desk.rows<{ ticket_id: number | null }>(
        'SELECT ticket_id FROM inbound_mails WHERE id = ?',
        id,
      );
      return mail?.ticket_id ? desk.ticketNow({ id: mail.ticket_id }) : undefined;
    },
    hits: (text: string) => hitsIn(folder, text),
    async close() {
      await desk.house.close();
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

export function hitsIn(folder: string, text: string): { file: string; at: number }[] {
  const wanted = text.toLowerCase();
  const found: { file: string; at: number }[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || path.startsWith(join(folder, 'backups'))) continue;
    const bytes = readFileSync(path).toString('latin1').toLowerCase();
    const needle = Buffer.from(wanted, 'utf8').toString('latin1');
    for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1))
      found.push({ file: path.slice(folder.length + 1), at });
  }
  return found;
}

let count = 0;

export interface LetterParts {
  from: string;
  to?: string;
  cc?: string;
  subject?: string;
  id?: string;
  inReplyTo?: string;
  body: string;
  headers?: string;
}

/** A plain mail as bytes. */
export function letter({
  from,
  to = 'desk@teapot.example',
  cc,
  subject = 'Hello',
  id,
  inReplyTo,
  body,
  headers = '',
}: LetterParts): string {
  count += 1;
  return [
    `From: ${from}`,
    `To: ${to}`,
    ...(cc ? [`Cc: ${cc}`] : []),
    `Subject: ${subject}`,
    `Message-ID: <${id ?? `letter-${count}@mail.example`}>`,
    ...(inReplyTo ? [`In-Reply-To: <${inReplyTo}>`] : []),
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    ...(headers ? [headers] : []),
    '',
    body,
    '',
  ].join('\n');
}
