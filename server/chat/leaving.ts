// What happens after a visitor has left: a minute later agents see it, ten minutes later the chat goes on by e-mail.
import type { App } from '../app';
import { record, SYSTEM } from '../events';
import { enqueue } from '../jobs';
import { MINUTE } from '../lib/clock';
import { addSystemLine, findTicketById, signalTicket, type Ticket, updateChatState } from '../tickets';
import { type ChatRow, STILL_THERE } from './chat';
import { signalWaiting } from './live';
import { mailUnseen } from './mail-unseen';
import { findChatById, updateFinished } from './queries';

/** How long a visitor is gone before the live part is over and unseen replies are mailed (C7). */
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
  if (chat.state === 'queued' || chat.state === 'active') finish(app, chat, ticket);
  return mailUnseen(app, chat, ticket);
}

/**
 * The live part is over: missed when nobody took it in time. The ticket goes on by e-mail where the visitor left an address,
 * and in the chat when they write again.
 */
function finish(app: App, chat: ChatRow, ticket: Ticket): void {
  const state = chat.state === 'queued' ? 'missed' : 'ended';
  updateFinished(app.db, state, app.clock.now(), chat.id);
  updateChatState(app.db, state, ticket.id);
  ticket.chat_state = state;
  addSystemLine(app, ticket, `chat.says.${state === 'missed' ? 'missed' : 'left'}`);
  record(app, `chat.${state}`, SYSTEM, ticket);
  signalTicket(app, ticket.id);
  signalWaiting(app, ticket);
}
