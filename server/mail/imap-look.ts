// Looks through a folder on the server without taking anything: which mails are there, and what stands in their heads (M4).
import type { Imap } from './imap';
import { answered, MAX_MAIL, readAlone } from './imap-fetch';
import { decodeHeader } from './mime/encoded-words';
import { peekHeaders, peekMessageId } from './peek-headers';

export interface Folder {
  uidValidity: number;
  /** In rising order. */
  uids: number[];
}

export interface Head {
  uid: number;
  /** Octets, as the server counts them. */
  size: number;
  arrivedAt: number | undefined;
  messageId: string | undefined;
  sender: string;
  subject: string;
}

/** What the server said instead, or that the connection broke. */
export type NoLook = { kind: 'refused'; answer: string } | { kind: 'lost' };

const NOWHERE = { uidValidity: 0, lastUid: 0 };
const HEADERS = ['message-id', 'from', 'subject'];

export async function lookInto(imap: Imap, folder: string): Promise<Folder | NoLook> {
  return answered(imap, NOWHERE, async () => {
    const opened = await imap.client.mailboxOpen(folder, { readOnly: true });
    const found = opened.exists > 0 ? await imap.client.search({ all: true }, { uid: true }) : [];
    if (!found) throw new Error('the search broke off');
    return { uidValidity: Number(opened.uidValidity), uids: found.sort((a, b) => a - b) };
  });
}

/** Of mails in the open folder; one that was deleted meanwhile is not among them. */
export async function headsOf(imap: Imap, uids: number[]): Promise<{ heads: Head[] } | NoLook> {
  return answered(imap, NOWHERE, async () => {
    const query = { uid: true, size: true, internalDate: true, headers: HEADERS };
    const found = await imap.client.fetchAll(uids.join(','), query, { uid: true });
    return { heads: found.map(headOf) };
  });
}

type Fetched = Awaited<ReturnType<Imap['client']['fetchAll']>>[number];

function headOf({ uid, size, internalDate, headers }: Fetched): Head {
  const raw = headers ?? Buffer.alloc(0);
  const arrivedAt = internalDate ? new Date(internalDate).getTime() : Number.NaN;
  const found = peekHeaders(raw, ['from', 'subject']);
  const first = (name: string) => decodeHeader((found[name]?.[0] ?? '').slice(0, 1_000)).slice(0, 200);
  return {
    uid,
    size: size ?? 0,
    arrivedAt: Number.isNaN(arrivedAt) ? undefined : arrivedAt,
    messageId: peekMessageId(raw),
    sender: first('from'),
    subject: first('subject'),
  };
}

/** The whole mail, or its head when it is too big, or nothing but the reason when the server does not give it out. */
export async function readWhole(
  imap: Imap,
  { uid, size }: Head,
): Promise<{ mail: Awaited<ReturnType<typeof readAlone>> } | NoLook> {
  return answered(imap, NOWHERE, async () => ({ mail: await readAlone(imap.client, uid, size > MAX_MAIL) }));
}
