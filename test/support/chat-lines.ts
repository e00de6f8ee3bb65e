// A real server, and visitors and agents on lines of their own that are hung up after each test.
import type { SiteRow } from '../../server/chat';
import { randomId } from '../../server/lib/ids';
import { findTicketByNumber, replyToTicket, type Ticket } from '../../server/tickets';
import { type Line, type LineOptions, openAgent, openSite, openVisitor, question } from './chatting';
import { type House, openHouse } from './serving';
import { words } from './writing';

export interface Begun {
  line: Line;
  token: string;
  ticket: Ticket;
}

export interface ChatLines {
  house: House;
  site: SiteRow;
  visit(token?: string, options?: LineOptions): Promise<Line>;
  asAgent(name: string, role?: 'agent' | 'viewer'): Promise<Line>;
  /** A visitor who has asked something. */
  begin(options?: LineOptions): Promise<Begun>;
  agentReplies(ticket: Ticket, text: string): Promise<unknown>;
  ticketNow(ticket: Ticket): Ticket;
}

/** One server for all tests of a file. */
export function useChatLines(): ChatLines {
  const lines: Line[] = [];
  const keep = (line: Line) => {
    lines.push(line);
    return line;
  };
  const app = () => all.house.serving.app;
  const all: ChatLines = {
    house: undefined as never,
    site: undefined as never,
    visit: async (token, options) =>
      keep(
        await openVisitor(all.house.url, { site: all.site.public_id, ...(token ? { token } : {}) }, options),
      ),
    asAgent: async (name, role) =>
      keep(await openAgent(all.house.url, all.house.signIn(all.house.agent(name, role)))),
    async begin(options) {
      const line = await all.visit(undefined, options);
      const input = question();
      expect((await line.ask('chat:start', input)).ok).toBe(true);
      const ticket = app().db.sql.prepare('SELECT * FROM tickets ORDER BY id DESC LIMIT 1').get() as Ticket;
      return { line, token: input.token, ticket };
    },
    agentReplies: (ticket, text) =>
      app().write(() => replyToTicket(app(), all.house.owner, all.ticketNow(ticket), words(text))),
    ticketNow: (ticket) => findTicketByNumber(app().db, ticket.number) as Ticket,
  };
  beforeAll(async () => {
    all.house = await openHouse();
    all.site = openSite({ app: app(), owner: all.house.owner });
  });
  afterEach(() => {
    for (const line of lines.splice(0)) line.close();
  });
  afterAll(() => all.house.remove());
  return all;
}

export const sends = (line: Line, text: string, clientId = randomId()) =>
  line.ask('message:send', { clientId, words: text });

export const wordsOf = (answer: object): string[] =>
  (answer as { messages: { words: string }[] }).messages.map((message) => message.words);
