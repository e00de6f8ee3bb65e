// What tickets ask of the rooms to their right; boot.ts fills it.
import type { Agent } from '../agents';
import type { App } from '../app';
import type { Reader } from '../web';
import type { TicketPage } from './page-models';
import type { Ticket } from './ticket';

declare module '../app' {
  interface Hooks {
    /** True while the visitor of this ticket's chat has it open. */
    visitorIsThere(app: App, ticket: Ticket): boolean;
    /** The line about a chat on its ticket's page; undefined for tickets that are none. */
    chatLine(app: App, agent: Agent, ticket: Ticket, reader: Reader): TicketPage['chat'];
    /** Somebody looks at a ticket's page: what they were told about it is read. Resolves after the commit. */
    ticketOpened(app: App, agent: Agent, ticket: Ticket): Promise<void>;
    /** P5: when somebody with this address (lower case) was erased last. */
    erasedAt(app: App, address: string): number | undefined;
    /**
     * Inside a transaction: takes a ticket, what hangs on a message, or a customer away as an erasure would, without a word in its
     * ledger. Returns the names of raw mails to destroy after the commit.
     */
    takeAway(app: App, thing: 'ticket' | 'message' | 'customer', id: number): string[];
    /** Whether a hold or a restriction keeps a ticket (P7, P14). */
    isHeld(app: App, ticketId: number): boolean;
    /** When a retention rule that is switched on would delete this ticket as it stands. */
    keptUntil(app: App, ticket: Ticket): number | undefined;
  }
}
