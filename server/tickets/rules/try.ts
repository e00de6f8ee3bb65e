// What a rule would have done with the newest tickets, before anybody saves it.
import type { App } from '../../app';
import { query } from '../../db';
import type { Channel, MessageFacts } from '../ticket';
import { fits, LOOKED_AT } from './match';
import type { Asked } from './rule';

/** So many of the newest tickets are looked at. */
export const TRIED_ON = 50;

interface FirstMessage {
  number: number;
  subject: string;
  mailbox_id: number | null;
  channel: Channel;
  address: string | null;
  words: string;
  facts: string;
  has_files: number;
}

/** What a customer began; a ticket that an agent began did not arrive. */
const findFirstMessages = query<[length: number, limit: number], FirstMessage[]>(`
  SELECT newest.number, newest.subject, newest.mailbox_id, newest.channel, substr(messages.words, 1, ?) AS words, messages.facts,
         (SELECT address FROM participants WHERE participants.ticket_id = newest.id AND role = 'requester' LIMIT 1) AS address,
         EXISTS (SELECT 1 FROM attachments WHERE owner_kind = 'message' AND owner_id = messages.id AND is_inline = 0) AS has_files
    FROM (SELECT * FROM tickets WHERE deleted_at IS NULL AND merged_into_id IS NULL ORDER BY id DESC LIMIT ?) AS newest
    JOIN messages ON messages.ticket_id = newest.id AND messages.sequence = 1 AND author_kind = 'customer'
   ORDER BY newest.id DESC`);

export interface Tried {
  lookedAt: number;
  found: { number: number; subject: string }[];
}

export function tryOnNewest(app: App, asked: Asked): Tried {
  const messages = findFirstMessages(app.db, LOOKED_AT, TRIED_ON);
  const found = messages.filter((one) => {
    const facts = JSON.parse(one.facts) as MessageFacts;
    return fits(asked, {
      address: facts.sender ?? facts.from?.address ?? one.address ?? undefined,
      subject: one.subject,
      words: one.words,
      mailboxId: one.mailbox_id,
      channel: one.channel,
      hasFiles: one.has_files === 1,
    });
  });
  return { lookedAt: messages.length, found: found.map(({ number, subject }) => ({ number, subject })) };
}
