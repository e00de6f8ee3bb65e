// SQL over sites, visitors and chats.
import { change, type Db, insert, query, queryOne, queryValue } from '../db';
import type { ChatRow, VisitorRow } from './chat';
import type { SiteRow } from './site';

const SITE =
  'id, public_id, name, origins, colour, language, time_zone, greeting, privacy_notice, mailbox_id, created_at, deleted_at';

export const findSites = query<[], SiteRow[]>(
  `SELECT ${SITE} FROM sites WHERE deleted_at IS NULL ORDER BY name COLLATE NOCASE, id`,
);
export const findSiteByPublicId = queryOne<[publicId: string], SiteRow>(
  `SELECT ${SITE} FROM sites WHERE public_id = ? AND deleted_at IS NULL`,
);
export const findSiteById = queryOne<[id: number], SiteRow>(`SELECT ${SITE} FROM sites WHERE id = ?`);
type SiteValues = [
  name: string,
  origins: string,
  colour: string,
  language: string,
  greeting: string,
  privacyNotice: string,
  mailboxId: number | null,
];
export const insertSite = insert<[...SiteValues, publicId: string, timeZone: string, now: number]>(`
  INSERT INTO sites (name, origins, colour, language, greeting, privacy_notice, mailbox_id, public_id, time_zone, created_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
export const updateSite = change<[...SiteValues, id: number]>(`
  UPDATE sites SET name = ?, origins = ?, colour = ?, language = ?, greeting = ?, privacy_notice = ?, mailbox_id = ? WHERE id = ?`);
export const updateSiteDeleted = change<[now: number, id: number]>(
  'UPDATE sites SET deleted_at = ? WHERE id = ?',
);

const VISITOR = 'id, public_id, site_id, customer_id, language, created_at, seen_at';

/** A token opens only chats of the site it was made for (AC-53). */
export const findVisitorByToken = queryOne<[tokenHash: Buffer, siteId: number], VisitorRow>(
  `SELECT ${VISITOR} FROM visitors WHERE token_hash = ? AND site_id = ?`,
);
/** One that opens a chat of any site is nobody else's to begin with. */
export const isTokenTaken = (db: Db, tokenHash: Buffer): boolean =>
  findTokenOwner(db, tokenHash) !== undefined;
const findTokenOwner = queryValue<[tokenHash: Buffer], number>(
  'SELECT id FROM visitors WHERE token_hash = ?',
);
export const insertVisitor = insert<
  [
    publicId: string,
    siteId: number,
    tokenHash: Buffer,
    customerId: number,
    language: string,
    now: number,
    seenAt: number,
  ]
>(
  `INSERT INTO visitors (public_id, site_id, token_hash, customer_id, language, created_at, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
);
export const updateVisitorSeen = change<[now: number, id: number]>(
  'UPDATE visitors SET seen_at = ? WHERE id = ?',
);

export const findChatById = queryOne<[id: number], ChatRow>('SELECT * FROM chats WHERE id = ?');
export const findChatByTicket = queryOne<[ticketId: number], ChatRow>(
  'SELECT * FROM chats WHERE ticket_id = ?',
);
export const findChatByVisitor = queryOne<[visitorId: number], ChatRow>(
  'SELECT * FROM chats WHERE visitor_id = ? ORDER BY id DESC LIMIT 1',
);
export const findActiveChatsOf = query<[agentId: number], ChatRow[]>(
  "SELECT * FROM chats WHERE state = 'active' AND taken_by = ?",
);
/** Chats whose visitors were connected when the server last stopped. */
export const findConnectedChats = query<[], ChatRow[]>('SELECT * FROM chats WHERE visitor_gone_at IS NULL');
export const insertChat = insert<
  [ticketId: number, siteId: number, visitorId: number, page: string, now: number, goneAt: number | null]
>(
  `INSERT INTO chats (ticket_id, site_id, visitor_id, state, page, queued_at, visitor_gone_at) VALUES (?, ?, ?, 'queued', ?, ?, ?)`,
);

export const updateQueued = change<[now: number, id: number]>(
  "UPDATE chats SET state = 'queued', queued_at = ?, taken_by = NULL, taken_at = NULL, ended_at = NULL WHERE id = ?",
);
/** Atomic (W3): of two who take it at once, one touches the row. */
export const updateTaken = change<[now: number, agentId: number, id: number]>(
  "UPDATE chats SET state = 'active', taken_at = ?, taken_by = ? WHERE id = ? AND state IN ('queued', 'missed')",
);
export const updateEnded = change<[now: number, id: number]>(
  "UPDATE chats SET state = 'ended', ended_at = ? WHERE id = ? AND state <> 'ended'",
);
export const updateFinished = change<[state: 'missed' | 'ended', now: number, id: number]>(
  'UPDATE chats SET state = ?, ended_at = ? WHERE id = ?',
);
export const updateGone = change<[at: number | null, id: number]>(
  'UPDATE chats SET visitor_gone_at = ? WHERE id = ?',
);
/** Marks only ever move forward. */
export const updateVisitorSaw = change<[sequence: number, id: number, same: number]>(
  'UPDATE chats SET visitor_seen = ? WHERE id = ? AND visitor_seen < ?',
);
export const updateAgentSaw = change<[sequence: number, id: number, same: number]>(
  'UPDATE chats SET agent_seen = ? WHERE id = ? AND agent_seen < ?',
);
export const updateMailed = change<[sequence: number, now: number, id: number]>(
  'UPDATE chats SET mailed_sequence = ?, mailed_at = ? WHERE id = ?',
);
