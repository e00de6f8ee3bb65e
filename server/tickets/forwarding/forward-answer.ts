// The answer of somebody to whom a message was forwarded: for colleagues, whoever else reads the ticket.
import type { App } from '../../app';
import { addressKey } from '../../mail';
import type { Thread } from '../filing/thread';
import { findMessage, findParticipant, type ParticipantRow } from '../queries';
import { factsOf, type MessageRow, type Ticket } from '../ticket';

/** Rules by which a mail names the very mail that it answers (M6). */
const NAMES_A_MAIL = new Set<Thread['rule']>(['reply address', 'our id', 'quoted marker', 'their id']);

/**
 * The forwarded message that a mail answers. A right mark does not make a right sender (M7): only somebody to whom it went counts, and
 * never the customer; everybody else joins as any stranger does.
 */
export function answeredForward(app: App, thread: Thread, senderKey: string): MessageRow | undefined {
  const named = NAMES_A_MAIL.has(thread.rule) ? thread.evidence.message : undefined;
  const message = named === undefined ? undefined : findMessage(app.db, named);
  const forward = message && forwardOf(app, message);
  const to = forward && factsOf(forward).forwarded?.to;
  if (!to?.some((address) => addressKey(address) === senderKey)) return undefined;
  return isCustomer(findParticipant(app.db, thread.ticket.id, senderKey), thread.ticket)
    ? undefined
    : forward;
}

/** By whichever of their addresses. */
export const isCustomer = (person: ParticipantRow | undefined, ticket: Ticket): boolean =>
  person?.role === 'requester' || (person !== undefined && person.customer_id === ticket.customer_id);

/** Itself, or what its author was answering. */
function forwardOf(app: App, message: MessageRow): MessageRow | undefined {
  const { forwarded, third } = factsOf(message);
  if (forwarded) return message;
  return third && findMessage(app.db, third.forward);
}
