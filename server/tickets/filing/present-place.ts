// The page on which an agent says where a mail belongs.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { query } from '../../db';
import { errorWords, type FieldErrors, type Reader, typedIn } from '../../web';
import { type Scope, scopeOf, VISIBLE } from '../access';
import { factsOf, type MessageRow, type Status, type Ticket } from '../ticket';
import type { PlacePage } from './page-models';

const MOST_SUGGESTED = 8;

/** Tickets of the same customer, or that the ticket is linked with; the newest first. */
const findNearby = query<
  [customerId: number, linkedId: number, id: number, notId: number, ...scope: Scope],
  { number: number; subject: string; status: Status }[]
>(`
  SELECT number, subject, status FROM tickets
   WHERE (customer_id = ? OR id = ? OR linked_ticket_id = ?) AND id <> ?
     AND deleted_at IS NULL AND merged_into_id IS NULL AND is_spam = 0 AND ${VISIBLE}
   ORDER BY activity_at DESC LIMIT ${MOST_SUGGESTED}`);

export function placePage(
  app: App,
  agent: Agent,
  { t, format }: Reader,
  ticket: Ticket,
  message: MessageRow,
  returned?: { values: Record<string, unknown>; errors: FieldErrors },
): PlacePage {
  const href = `/tickets/${ticket.number}/messages/${message.id}`;
  const nearby = findNearby(
    app.db,
    message.author_id ?? 0,
    ticket.linked_ticket_id ?? 0,
    ticket.id,
    ticket.id,
    ...scopeOf(agent),
  );
  return {
    title: t('tickets.place.title'),
    current: 'inbox',
    t,
    action: `${href}/place`,
    ownAction: `${href}/own-ticket`,
    back: `/tickets/${ticket.number}#message-${message.id}`,
    author: message.author_name || t('tickets.someone'),
    at: format.time(message.created_at),
    words: message.words.slice(0, 600),
    isForged: factsOf(message).authentication?.verdict === 'failed',
    suggestions: nearby.map((other) => ({
      number: other.number,
      subject: other.subject || t('tickets.noSubject'),
      status: t(`tickets.status.${other.status.replace(' ', '-')}`),
    })),
    values: {
      ticket: returned ? typedIn(returned.values, 'ticket') : '',
      subject:
        returned && 'subject' in returned.values ? typedIn(returned.values, 'subject') : ticket.subject,
    },
    errors: errorWords(t, returned?.errors ?? {}),
  };
}
