// The only ways to load a site and a visitor's conversation: by its public name, and by the token that opens it.
import type { App } from '../app';
import { NotFound } from '../lib/errors';
import { tokenHash } from '../lib/ids';
import { findTicketById, type Ticket } from '../tickets';
import type { ChatRow, VisitorRow } from './chat';
import { findChatByVisitor, findSiteByPublicId, findVisitorByToken } from './queries';
import type { SiteRow } from './site';

/** One visitor's conversation, as it stands now. */
export interface Conversation {
  site: SiteRow;
  visitor: VisitorRow;
  chat: ChatRow;
  ticket: Ticket;
}

const PUBLIC_ID = /^[0-9a-f]{32}$/;
/** 256 random bits in base64url. */
export const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export function findSite(app: App, publicId: unknown): SiteRow | undefined {
  return typeof publicId === 'string' && PUBLIC_ID.test(publicId)
    ? findSiteByPublicId(app.db, publicId)
    : undefined;
}

/** Throws NotFound for a site that never was or is no more. */
export function siteFor(app: App, publicId: unknown): SiteRow {
  const site = findSite(app, publicId);
  if (!site) throw NotFound('There is no such website here.');
  return site;
}

/** Undefined for a token that opens nothing on this site: wrong, of another site, or of somebody who was erased (AC-53). */
export function conversationFor(app: App, site: SiteRow, token: unknown): Conversation | undefined {
  if (typeof token !== 'string' || !TOKEN.test(token)) return undefined;
  const visitor = findVisitorByToken(app.db, tokenHash(token), site.id);
  const chat = visitor && findChatByVisitor(app.db, visitor.id);
  const ticket = chat && findTicketById(app.db, chat.ticket_id);
  return ticket ? { site, visitor, chat, ticket } : undefined;
}
