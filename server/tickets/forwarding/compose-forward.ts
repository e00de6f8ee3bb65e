// A forwarded message as a mail: the agent's words above, the original beneath, and a mark by which the answer finds back.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { type Address, domainOf, htmlFromText, type OutgoingMail, replyAddress } from '../../mail';
import { cleanSubject, type MessageRow, type Ticket } from '../ticket';
import { addressFor, filesOf, mailboxFor, senderName } from '../writing/compose-reply';
import { htmlQuoteOf } from '../writing/quote';
import { headOf, type Original } from './original';

/** As mail programs write them, in the languages of our users. */
const FORWARDED = /^\s*(?:fwd?|vs|pārs)\s?:/i;

/**
 * It stands in no thread: the third person has none of its mails, and ids of the customer's are not theirs to know. One message goes
 * as it looked, a conversation as text.
 */
export function composeForward(
  app: App,
  actor: Agent,
  ticket: Ticket,
  message: MessageRow,
  { to, original, mark }: { to: Address[]; original: Original; mark: string },
): OutgoingMail {
  const mailbox = mailboxFor(app, ticket);
  const address = addressFor(app, ticket, mailbox);
  const signed = actor.signature ? `${message.words}\n\n-- \n${actor.signature}` : message.words;
  const words = original.one ? `${signed}\n\n${headOf(app, original.one)}` : signed;
  const looks = original.one && htmlQuoteOf(app, original.one, domainOf(address));
  const quoted = message.quote
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
  return {
    messageId: `${mark}@${domainOf(address)}`,
    from: { name: senderName(app, actor, mailbox), address },
    to,
    cc: [],
    replyTo: replyAddress(mailbox, address, mark),
    subject: cleanSubject(FORWARDED.test(ticket.subject) ? ticket.subject : `Fwd: ${ticket.subject}`),
    text: `${words}\n\n${quoted}\n`,
    html: htmlFromText(words, { quote: message.quote, quoteHtml: looks?.html, mark }),
    references: [],
    automatic: false,
    attachments: [...filesOf(app, message), ...(looks?.pictures ?? [])],
  };
}
