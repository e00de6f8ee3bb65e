// By what a customer is known on tickets: names, addresses, ids of mails, and what they wrote (P3).
import type { App } from '../../app';
import { query, queryColumn } from '../../db';
import { withoutQuotes } from '../../lib/passages';
import type { Identity } from '../../lib/personal';

const findAuthored = query<[customerId: number], { author_name: string; words: string; facts: string }[]>(
  "SELECT author_name, words, facts FROM messages WHERE author_kind = 'customer' AND author_id = ?",
);
const findSubjects = queryColumn<[customerId: number], string>(
  'SELECT subject FROM tickets WHERE customer_id = ?',
);
const findPlaces = query<[customerId: number], { name: string; address: string | null }[]>(
  'SELECT name, address FROM participants WHERE customer_id = ?',
);
const findMails = query<
  [customerId: number, sameCustomer: number],
  { header_message_id: string | null; dedupe_key: string }[]
>(`
  SELECT header_message_id, dedupe_key FROM inbound_mails WHERE ticket_id IN (SELECT id FROM tickets WHERE customer_id = ?)
  UNION
  SELECT header_message_id, dedupe_key FROM messages JOIN inbound_mails ON inbound_mails.id = inbound_mail_id
   WHERE author_kind = 'customer' AND author_id = ?`);
const findSentIds = queryColumn<[customerId: number], string>(`
  SELECT header_message_id FROM tickets JOIN messages ON messages.ticket_id = tickets.id JOIN outbox ON outbox.message_id = messages.id
   WHERE customer_id = ?`);

export function identifyOnTickets(app: App, customerId: number): Partial<Identity> {
  const authored = findAuthored(app.db, customerId);
  const places = findPlaces(app.db, customerId);
  const mails = findMails(app.db, customerId, customerId);
  const senders = authored.flatMap(
    ({ facts }) => (JSON.parse(facts) as { from?: { address: string } }).from?.address ?? [],
  );
  return {
    addresses: [...senders, ...places.flatMap(({ address }) => address ?? [])],
    names: [...authored.map((message) => message.author_name), ...places.map((place) => place.name)],
    ids: [...mails.flatMap((mail) => mail.header_message_id ?? []), ...findSentIds(app.db, customerId)],
    texts: [...findSubjects(app.db, customerId), ...authored.map((message) => withoutQuotes(message.words))],
    mailKeys: mails.map((mail) => mail.dedupe_key),
  };
}
