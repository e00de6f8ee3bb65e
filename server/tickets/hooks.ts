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
    /** When a retention rule that is switched on would delete this ticket as it stands. */
    keptUntil(app: App, ticket: Ticket): number | undefined;
  }
}
