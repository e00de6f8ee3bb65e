// What a visitor wrote becomes a message of the ticket.
import type { App } from '../app';
import { maskCards } from '../lib/mask-cards';
import { addMessage, type MessageRow, type Ticket } from '../tickets';

export interface Said {
  clientId: string;
  words: string;
}

/** Inside a transaction. Card numbers are masked before anything is stored (P11). */
export function addVisitorMessage(
  app: App,
  ticket: Ticket,
  customer: { id: number; name: string },
  said: Said,
): MessageRow {
  const { text, masked } = maskCards(said.words);
  return addMessage(app, ticket, {
    kind: 'reply',
    author: { kind: 'customer', id: customer.id, name: customer.name },
    channel: 'chat',
    clientId: said.clientId,
    words: text,
    facts: masked > 0 ? { maskedCards: masked } : {},
  });
}
