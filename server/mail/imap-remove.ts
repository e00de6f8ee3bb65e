// Removes mails from a folder on the server, and nothing else of it: what stands at a UID is looked at before it goes (P5).
import type { ImapFlow } from 'imapflow';
import { type Imap, isAnswer } from './imap';
import { dedupeKey } from './keep-mail';
import { peekMessageId } from './peek-headers';

/** A mail as it was known when it was taken in. */
export interface KnownMail {
  uidValidity: number;
  uid: number;
  messageId: string | null;
  dedupeKey: string;
}

/**
 * `marked`: flagged \Deleted and still there, because the server has no UID EXPUNGE and others' mails are flagged too, or
 * because it keeps what is expunged (Gmail). `missing`: neither at its UID nor by its Message-ID.
 */
export type Removal = 'removed' | 'marked' | 'missing';

export type RemovalEnd =
  /** In the order of the mails that were asked for. */
  | { kind: 'done'; removals: Removal[] }
  | { kind: 'no-folder' }
  | { kind: 'refused'; answer: string }
  | { kind: 'lost' };

const BATCH = 100;

/** Opens the folder for writing. Never throws; can be repeated. */
export async function removeMails(imap: Imap, folder: string, mails: KnownMail[]): Promise<RemovalEnd> {
  const { client } = imap;
  try {
    const opened = await client.mailboxOpen(folder);
    if (opened.readOnly) return { kind: 'refused', answer: 'read-only' };
    const found = await findUids(client, Number(opened.uidValidity), mails);
    const left = await expunge(client, [...new Set(found.flat())]);
    // On a connection that broke meanwhile imapflow finds nothing, which is not the same as there being nothing.
    if (!client.mailbox || client.isClosed) return { kind: 'lost' };
    const removals = found.map((uids): Removal => {
      if (uids.length === 0) return 'missing';
      return uids.some((uid) => left.has(uid)) ? 'marked' : 'removed';
    });
    return { kind: 'done', removals };
  } catch (error) {
    if (!isAnswer(error) || error.code === 'ETHROTTLE') return { kind: 'lost' };
    if (error.serverResponseCode === 'NONEXISTENT' || error.mailboxMissing) return { kind: 'no-folder' };
    return {
      kind: 'refused',
      answer: `${error.responseStatus} ${error.responseText ?? ''}`.trim().slice(0, 200),
    };
  }
}

/** Where each of the mails lies now: at its UID, as long as the folder is numbered as it was, and wherever its Message-ID is. */
async function findUids(client: ImapFlow, uidValidity: number, mails: KnownMail[]): Promise<number[][]> {
  const found: number[][] = [];
  for (const mail of mails) {
    const byId = mail.messageId ? await search(client, { header: { 'message-id': mail.messageId } }) : [];
    const candidates = [...new Set([...(mail.uidValidity === uidValidity ? [mail.uid] : []), ...byId])];
    found.push(await keepOnly(client, candidates, mail));
  }
  return found;
}

/** A search for an id finds longer ones too, and a UID may be another mail's on a server that breaks its word. */
async function keepOnly(client: ImapFlow, uids: number[], mail: KnownMail): Promise<number[]> {
  if (uids.length === 0) return [];
  const query = mail.messageId ? { uid: true, headers: ['message-id'] } : { uid: true, source: true };
  const there = await client.fetchAll(uids.join(','), query, { uid: true });
  return there
    .filter(({ headers, source }) =>
      mail.messageId
        ? headers !== undefined && peekMessageId(headers) === mail.messageId
        : source !== undefined && dedupeKey(source) === mail.dedupeKey,
    )
    .map(({ uid }) => uid);
}

/** Returns those that are still there. */
async function expunge(client: ImapFlow, uids: number[]): Promise<Set<number>> {
  const left = new Set<number>();
  for (let at = 0; at < uids.length; at += BATCH) {
    const batch = uids.slice(at, at + BATCH);
    const range = batch.join(',');
    if (!(await client.messageFlagsAdd(range, ['\\Deleted'], { uid: true }))) throw refusedBy(client);
    const canAlone = client.capabilities.has('UIDPLUS') || (await areOnlyDeleted(client, batch));
    if (canAlone) await client.messageDelete(range, { uid: true });
    const keepsAll = client.capabilities.has('X-GM-EXT-1');
    for (const uid of keepsAll ? batch : await search(client, { uid: range })) left.add(uid);
  }
  return left;
}

/** Without UID EXPUNGE everything that is flagged would go, other people's too. */
async function areOnlyDeleted(client: ImapFlow, uids: number[]): Promise<boolean> {
  const ours = new Set(uids);
  return (await search(client, { deleted: true })).every((uid) => ours.has(uid));
}

async function search(client: ImapFlow, query: Parameters<ImapFlow['search']>[0]): Promise<number[]> {
  const found = await client.search(query, { uid: true });
  if (!found) throw refusedBy(client);
  return found;
}

/** imapflow says `false` both for a no and for a connection that broke. */
const refusedBy = (client: ImapFlow): Error =>
  Object.assign(
    new Error('refused'),
    client.isClosed ? {} : { responseStatus: 'NO', responseText: 'refused' },
  );
