// A chat: the live part of a ticket. Its messages are the ticket's messages.
import type { Ticket } from '../tickets';

export type ChatState = 'queued' | 'active' | 'ended' | 'missed';

export interface ChatRow {
  id: number;
  ticket_id: number;
  site_id: number;
  visitor_id: number;
  state: ChatState;
  page: string;
  queued_at: number;
  taken_at: number | null;
  taken_by: number | null;
  ended_at: number | null;
  /** Visitor sequences: what each side has seen. */
  visitor_seen: number;
  agent_seen: number;
  /** Up to here replies went out by e-mail (C7). */
  mailed_sequence: number;
  mailed_at: number | null;
  /** The last sign of life of a visitor who is not connected; null while connected. */
  visitor_gone_at: number | null;
}

export interface VisitorRow {
  id: number;
  public_id: string;
  site_id: number;
  customer_id: number | null;
  language: string;
  created_at: number;
  seen_at: number;
}

/** Of one message, in characters (AC-54). */
export const LONGEST_MESSAGE = 4_000;

/** For so long after the last sign of life a visitor counts as there: a page is left, another opens. */
export const STILL_THERE = 60_000;

export const isThere = (chat: Pick<ChatRow, 'visitor_gone_at'>, now: number): boolean =>
  chat.visitor_gone_at === null || now - chat.visitor_gone_at < STILL_THERE;

export const isLive = (chat: Pick<ChatRow, 'state'>): boolean =>
  chat.state === 'queued' || chat.state === 'active';

/** Nothing more can be said in it; whoever comes back begins a new one. */
export const isClosed = (ticket: Ticket): boolean => ticket.status === 'closed' || ticket.deleted_at !== null;

/** "Ana Bērziņa" is Ana to visitors, and so is somebody who goes by an e-mail address, which is none of theirs. */
export const firstNameOf = (name: string): string => name.trim().split(/[\s@]+/)[0] ?? '';
