// One entry more in a ticket: every channel and every form ends here.
import type { App } from '../app';
import { insertMessage, updateTicketForFirstMessage, updateTicketForMessage } from './queries';
import {
  type Channel,
  type DeliveryState,
  excerptOf,
  type MessageFacts,
  type MessageRow,
  type Ticket,
} from './ticket';

export interface NewMessage {
  kind: 'reply' | 'note' | 'system';
  author: { kind: 'customer' | 'agent' | 'system'; id: number | null; name: string };
  channel: Channel;
  words: string;
  quote?: string;
  signature?: string;
  html?: {
    kind: 'simple' | 'rich';
    words: string;
    quote: string;
    signature: string;
    sanitiserVersion: number;
  };
  facts?: MessageFacts;
  /** The same id again returns the first message (C1, O1). */
  clientId?: string;
  state?: DeliveryState;
  sendAfter?: number;
  isAutomatic?: boolean;
  /** A note that waits for us as a customer's word does. */
  awaitsUs?: boolean;
  senderState?: 'accepted' | 'unverified';
  inboundMailId?: number;
  /** Something newer stands already: it says nothing about who waits, nor about what is newest. */
  isOvertaken?: boolean;
  /** Of history: when it was written. It says nothing about what is newest where something newer is. */
  at?: number;
}

/** Inside a transaction. Gives the message its place; notes, system lines and words of unverified senders (AC-20) are not for visitors. */
export function addMessage(app: App, ticket: Ticket, given: NewMessage): MessageRow {
  const now = given.at ?? app.clock.now();
  const isOvertaken = given.isOvertaken ?? (now < ticket.activity_at && given.at !== undefined);
  const isPublic = given.kind === 'reply';
  const isForVisitors = isPublic && given.senderState !== 'unverified';
  const excerpt = given.kind === 'system' || isOvertaken ? null : excerptOf(given.words);
  const saysWhoWaits = (isPublic || given.awaitsUs) && !given.isAutomatic && !isOvertaken;
  const awaitsUs = saysWhoWaits ? Number(given.author.kind === 'customer') : null;
  const forVisitors = isForVisitors ? 1 : 0;
  const activityAt = given.kind === 'system' || isOvertaken ? null : now;
  const place =
    (ticket.changed_sequence === 0
      ? updateTicketForFirstMessage(app.db, forVisitors, excerpt, awaitsUs, ticket.id, now)
      : undefined) ?? updateTicketForMessage(app.db, forVisitors, excerpt, activityAt, awaitsUs, ticket.id);
  if (!place) throw new Error('a message was added to a ticket that is gone');
  Object.assign(ticket, place);
  const { html } = given;
  return insertMessage(
    app.db,
    ticket.id,
    place.sequence,
    isForVisitors ? place.visitor_sequence : null,
    given.kind,
    given.author.kind,
    given.author.id,
    given.author.name,
    given.channel,
    given.clientId ?? null,
    given.words,
    given.quote ?? '',
    given.signature ?? '',
    html?.kind ?? null,
    html?.words ?? null,
    html?.quote ?? null,
    html?.signature ?? null,
    html?.sanitiserVersion ?? null,
    JSON.stringify(given.facts ?? {}),
    given.state ?? 'sent',
    given.sendAfter ?? null,
    given.isAutomatic ? 1 : 0,
    given.senderState ?? 'accepted',
    given.inboundMailId ?? null,
    now,
  ) as MessageRow;
}

/** A small grey line: what happened, as a key of the catalogue, so that each reader sees their own language. */
export function addSystemLine(
  app: App,
  ticket: Ticket,
  key: string,
  values: Record<string, string | number> = {},
): MessageRow {
  return addMessage(app, ticket, {
    kind: 'system',
    author: { kind: 'system', id: null, name: '' },
    channel: ticket.channel,
    words: '',
    facts: { says: { key, values } },
  });
}
