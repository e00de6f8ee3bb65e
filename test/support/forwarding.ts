// Agents who forward, and third persons who answer, at a desk.
import type { Agent } from '../../server/agents';
import { randomId } from '../../server/lib/ids';
import type { MessageRow, Ticket } from '../../server/tickets';
import type { NewFiles } from '../../server/tickets/forms';
import type { ForwardInput } from '../../server/tickets/forwarding/form';
import { forwardTicket } from '../../server/tickets/forwarding/forward';
import type { Desk } from './desk';

export const forwarding = (more: Partial<ForwardInput> = {}): ForwardInput => ({
  clientId: randomId(),
  to: 'Wim <wim@workshop.example>',
  words: 'Can you mend this?',
  message: '',
  ...more,
});

/** Ana forwards, in a transaction of its own. */
export const forward = (
  desk: Desk,
  ticket: Ticket,
  more: Partial<ForwardInput> = {},
  files: NewFiles = [],
  by: Agent = desk.ana,
): MessageRow => desk.app.db.tx(() => forwardTicket(desk.app, by, ticket, forwarding(more), files));
