// What happens after a visitor has left: a minute later agents see it, ten minutes later the chat goes on by e-mail.
import type { App } from '../app';
import { record, SYSTEM } from '../events';
import { enqueue } from '../jobs';
import { MINUTE } from '../lib/clock';
import { addSystemLine, findTicketById, signalTicket, type Ticket, updateChatState } from '../tickets';
import { type ChatRow, STILL_THERE } from './chat';
import { signalWaiting } from './live';
import { mailUnseen } from './mail-unseen';
import { findChatById, updateMissed } from './queries';

/** How long a visitor is gone before unseen replies are mailed and a chat that nobody took counts as missed (C7). */
const GONE_FOR_GOOD = 10 * MINUTE;

export const LEAVING_JOB = 'chat.visitor-left';

interface Leaving {
  chat: number;
  /** Which leaving this is about; a visitor who came back since has a newer one. */
  goneAt: number;
}

/** Inside a transaction. */
export function followVisitorLeaving(app: App, chatId: number, goneAt: number): void {
  enqueue(app, LEAVING_JOB, { chat: chatId, goneAt } satisfies Leaving, { runAt: goneAt + STILL_THERE });
}

/** The work of the job; runs once a minute after the leaving, then when there is something more to do. */
export async function lookAfterLeaving(app: App, leaving: Leaving): Promise<void> {
  await app.write(() => {
    const chat = findChatById(app.db, leaving.chat);
    const ticket = chat && findTicketById(app.db, chat.ticket_id);
    if (!ticket || ticket.deleted_at !== null || chat.visitor_gone_at !== leaving.goneAt) return;
    const again = settle(app, chat, ticket, leaving.goneAt + GONE_FOR_GOOD);
    if (again !== undefined) enqueue(app, LEAVING_JOB, leaving, { runAt: again });
  });
}

/** Does what is due now; returns when to look again. */
function settle(app: App, chat: ChatRow, ticket: Ticket, goneForGood: number): number | undefined {
  if (app.clock.now() < goneForGood) {
    updateChatState(app.db, chat.state, ticket.id);
    signalTicket(app, ticket.id);
    return goneForGood;
  }
  if (updateMissed(app.db, chat.id) === 1) miss(app, ticket);
  return mailUnseen(app, chat, ticket);
}

/** Nobody took it in time: an ordinary ticket, answered by e-mail where the visitor left an address. */
function miss(app: App, ticket: Ticket): void {
  updateChatState(app.db, 'missed', ticket.id);
  ticket.chat_state = 'missed';
  addSystemLine(app, ticket, 'chat.says.missed');
  record(app, 'chat.missed', SYSTEM, ticket);
  signalTicket(app, ticket.id);
  signalWaiting(app, ticket);
}
