// A visitor asks something: a ticket like any other, that waits for an agent.
import type { App } from '../app';
import { claimAddress, cleanName, createCustomer } from '../customers';
import { record } from '../events';
import { NotAllowed } from '../lib/errors';
import { randomId, tokenHash } from '../lib/ids';
import { maskCards } from '../lib/mask-cards';
import { addressKey, validAddress } from '../mail';
import { excerptOf, openTicket, runRules, signalTicket } from '../tickets';
import { type Conversation, conversationFor } from './access';
import type { StartInput } from './forms';
import { followVisitorLeaving } from './leaving';
import { signalWaiting } from './live';
import { insertChat, insertVisitor, isTokenTaken } from './queries';
import type { SiteRow } from './site';
import { addVisitorMessage } from './visitor-message';

/**
 * Inside a transaction. The token is made by the visitor's browser (256 random bits) and only its hash is stored: so a start
 * that is sent again, because its answer was lost, finds the chat that it made (C1), and no answer ever carries a token
 * (AC-53). The address is claimed, the customer always a new one: nobody's history is shown for a typed address (C8).
 *
 * Throws NotAllowed for the token of another site's chat. `connected` false: a plain page, whose visitor is there only at each request.
 */
export function startChat(app: App, site: SiteRow, input: StartInput, connected: boolean): Conversation {
  const earlier = conversationFor(app, site, input.token);
  if (earlier) return earlier;
  if (isTokenTaken(app.db, tokenHash(input.token)))
    throw NotAllowed('This conversation belongs to another website.');

  const now = app.clock.now();
  const email = validAddress(input.email);
  const name = cleanName(maskCards(input.name).text, app.catalogues[site.language]('chat.visitor'));
  const customer = createCustomer(app, { kind: 'visitor', id: null }, { name, language: site.language });
  if (email) claimAddress(app, customer, email);
  const actor = { kind: 'customer', id: customer.id } as const;
  const ticket = openTicket(app, actor, {
    subject: excerptOf(maskCards(input.words).text),
    channel: 'chat',
    customer,
    address: email ? { address: email, key: addressKey(email) } : undefined,
    mailboxId: site.mailbox_id,
    chatState: 'queued',
  });
  const visitorId = insertVisitor(
    app.db,
    randomId(),
    site.id,
    tokenHash(input.token),
    customer.id,
    site.language,
    now,
    now,
  );
  const chatId = insertChat(app.db, ticket.id, site.id, visitorId, input.page, now, connected ? null : now);
  const message = addVisitorMessage(app, ticket, customer, input);
  const arrived = {
    address: email,
    subject: ticket.subject,
    words: message.words,
    mailboxId: site.mailbox_id,
    channel: 'chat',
    hasFiles: false,
  } as const;
  runRules(app, ticket, message.id, arrived, { isNew: true, isAutomatic: false });
  record(app, 'chat.queued', actor, ticket);
  if (!connected) followVisitorLeaving(app, chatId, now);
  signalTicket(app, ticket.id);
  signalWaiting(app, ticket);
  return conversationFor(app, site, input.token) as Conversation;
}
