// Websites that carry the chat, and visitors who ask something there.
import { io, type Socket } from 'socket.io-client';
import { createSite, newSite, type SiteInput, type SiteRow, startChat } from '../../server/chat';
import { type Conversation, conversationFor } from '../../server/chat/access';
import { sayInChat } from '../../server/chat/say';
import { randomId, randomToken } from '../../server/lib/ids';
import type { MessageRow, Ticket } from '../../server/tickets';
import type { Desk } from './desk';

/** https://teapot.example, in English, unless said differently. */
export const openSite = (desk: Pick<Desk, 'app' | 'owner'>, more: Partial<SiteInput> = {}): SiteRow =>
  desk.app.db.tx(() =>
    createSite(desk.app, desk.owner, {
      ...newSite(desk.app, 'en'),
      origins: ['https://teapot.example'],
      ...more,
    }),
  );

export interface Question {
  token: string;
  clientId: string;
  name: string;
  email: string;
  words: string;
  page: string;
}

export const question = (more: Partial<Question> = {}): Question => ({
  token: randomToken(),
  clientId: randomId(),
  name: 'Carla',
  email: '',
  words: 'Do you ship to Svalbard?',
  page: '',
  ...more,
});

export interface Asked {
  token: string;
  site: SiteRow;
  ticket: Ticket;
  /** As it stands now. */
  now(): Conversation;
}

/** Somebody asks in the widget and stays there. */
export function ask(desk: Desk, site: SiteRow, more: Partial<Question> = {}): Asked {
  const input = question(more);
  const { ticket } = desk.app.db.tx(() => startChat(desk.app, site, input, true));
  const now = () => conversationFor(desk.app, site, input.token) as Conversation;
  return { token: input.token, site, ticket, now };
}

export const say = (desk: Desk, asked: Asked, words: string, clientId = randomId()): MessageRow =>
  desk.app.db.tx(() => sayInChat(desk.app, asked.now(), { clientId, words }));

export type Answer = { ok: boolean; error?: string; [fact: string]: unknown };

export interface Line {
  socket: Socket;
  /** Everything heard so far, by event. */
  heard: { event: string; data: Record<string, unknown> }[];
  ask(event: string, data: unknown): Promise<Answer>;
  /** The next signal of this name that fits; one that was heard and not waited for counts. */
  next(event: string, fits?: (data: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  close(): void;
}

export interface LineOptions {
  transports?: ('websocket' | 'polling')[];
  headers?: Record<string, string>;
  reconnects?: boolean;
}

/** A visitor's connection as the frame opens it. Rejects with what the server refused it for. */
export const openVisitor = (url: string, auth: object, options: LineOptions = {}): Promise<Line> =>
  open(`${url}/visitor`, auth, { ...options, headers: { origin: url, ...options.headers } });

/** An agent's page. */
export const openAgent = (url: string, cookies: Map<string, string>): Promise<Line> => {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return open(`${url}/agent`, {}, { headers: { origin: url, cookie } });
};

function open(address: string, auth: object, options: LineOptions): Promise<Line> {
  const socket = io(address, {
    auth,
    transports: options.transports ?? ['websocket'],
    extraHeaders: options.headers,
    reconnection: options.reconnects ?? false,
    reconnectionDelay: 100,
    reconnectionDelayMax: 300,
    forceNew: true,
  });
  const heard: Line['heard'] = [];
  let unread = 0;
  let wake = () => {};
  socket.onAny((event: string, data: Record<string, unknown>) => {
    heard.push({ event, data });
    wake();
  });
  const line: Line = {
    socket,
    heard,
    ask: (event, data) => socket.timeout(5_000).emitWithAck(event, data),
    async next(event, fits = () => true) {
      for (;;) {
        for (; unread < heard.length; unread += 1) {
          const one = heard[unread];
          if (one?.event !== event || !fits(one.data)) continue;
          unread += 1;
          return one.data;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    close: () => void socket.disconnect(),
  };
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(line));
    socket.once('connect_error', (error) => {
      if (!options.reconnects) socket.disconnect();
      reject(error);
    });
  });
}
