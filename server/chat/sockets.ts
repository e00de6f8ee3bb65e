// What a visitor's widget and an agent's page may say about a chat. Every event has its schema and its budget.
import type { Namespace, Socket } from 'socket.io';
import type { Agent } from '../agents';
import type { App } from '../app';
import { NotAllowed, NotFound, type ProblemCode, TooMany } from '../lib/errors';
import { reportError } from '../lib/report-error';
import { onEvent } from '../realtime';
import { mayRole } from '../roles';
import { ticketFor } from '../tickets';
import { type Conversation, conversationFor, findSite } from './access';
import { firstNameOf, isLive } from './chat';
import { endChat } from './end-chat';
import {
  agentSawEvent,
  agentTypingEvent,
  endEvent,
  handshake,
  sendEvent,
  sequenceEvent,
  startEvent,
  typingEvent,
} from './forms';
import type { ChatLimits } from './limits';
import { signalAgents, signalVisitor, visitorRoom } from './live';
import { visitorCame, visitorLeft } from './presence';
import { showAfter } from './present-visitor';
import { findChatByTicket } from './queries';
import { sayInChat } from './say';
import { agentSaw, visitorSaw } from './seen';
import type { SiteRow } from './site';
import { startChat } from './start-chat';

const WRITING = { events: 10, perSeconds: 10 };
const ASKING = { events: 40, perSeconds: 20 };
const SIGNS = { events: 20, perSeconds: 20 };
const SLOWLY = 'That was a lot at once. Please wait a moment.';

/** What a connection is allowed to speak about: its site, and the conversation that its token opens. */
interface Caller {
  site: SiteRow;
  token: string | undefined;
  network: string;
}

/** `networkOf` is the shortened address of a connection, behind believed proxies only (AC-35). */
export function visitorSockets(
  app: App,
  namespace: Namespace,
  limits: ChatLimits,
  networkOf: (socket: Socket) => string,
): void {
  namespace.use((socket, next) => {
    const network = networkOf(socket);
    const caller = limits.mayEnter(network)
      ? callerOf(app, socket.handshake.auth, network)
      : ({ refused: 'too-many' } as const);
    socket.data['caller'] = caller;
    next('refused' in caller ? new Error(caller.refused) : undefined);
  });

  namespace.on('connection', (socket) => {
    const caller = socket.data['caller'] as Caller;
    if (!limits.connect(caller.network)) return socket.disconnect(true);
    socket.on('disconnect', () => limits.disconnect(caller.network));
    listenToVisitor(app, socket, caller, limits);
    if (caller.token !== undefined)
      enter(app, socket, caller).catch((error) => reportError(app.log, 'coming of a visitor', error));
  });
}

/** `not-allowed`: the token opens nothing here, so the browser had better forget it. */
function callerOf(app: App, auth: unknown, network: string): Caller | { refused: ProblemCode } {
  const given = handshake.safeParse(auth);
  const site = given.success ? findSite(app, given.data.site) : undefined;
  if (!given.success || !site) return { refused: 'not-found' };
  const { token } = given.data;
  if (token !== undefined && !conversationFor(app, site, token)) return { refused: 'not-allowed' };
  return { site, token, network };
}

function listenToVisitor(app: App, socket: Socket, caller: Caller, limits: ChatLimits): void {
  onEvent(app, socket, 'chat:start', {
    schema: startEvent,
    limit: { events: 5, perSeconds: 60 },
    async run(input) {
      if (caller.token !== undefined && caller.token !== input.token) throw NotAllowed();
      const isNew = !conversationFor(app, caller.site, input.token);
      if (isNew && !limits.mayStart(caller.network)) throw TooMany(SLOWLY);
      await app.write(() => startChat(app, caller.site, input, true));
      caller.token = input.token;
      await enter(app, socket, caller);
      return { ...showAfter(app, conversationOf(app, caller), 0) };
    },
  });

  onEvent(app, socket, 'message:send', {
    schema: sendEvent,
    limit: WRITING,
    async run(input) {
      if (!limits.mayWrite(caller.network, conversationOf(app, caller).visitor.id)) throw TooMany(SLOWLY);
      const message = await app.write(() => sayInChat(app, conversationOf(app, caller), input));
      return { sequence: message.visitor_sequence };
    },
  });

  onEvent(app, socket, 'messages:after', {
    schema: sequenceEvent,
    limit: ASKING,
    run({ sequence }) {
      const conversation = conversationOf(app, caller);
      if (!limits.mayAsk(conversation.visitor.id)) throw TooMany(SLOWLY);
      return { ...showAfter(app, conversation, sequence) };
    },
  });

  onEvent(app, socket, 'messages:seen', {
    schema: sequenceEvent,
    limit: SIGNS,
    run: ({ sequence }) => app.write(() => visitorSaw(app, conversationOf(app, caller), sequence)),
  });

  onEvent(app, socket, 'typing:set', {
    schema: typingEvent,
    limit: SIGNS,
    run({ on }) {
      const { ticket, visitor } = conversationOf(app, caller);
      if (!limits.maySign(visitor.id)) throw TooMany(SLOWLY);
      signalAgents(app, ticket, 'typing:changed', { on });
    },
  });

  onEvent(app, socket, 'chat:end', {
    schema: endEvent,
    limit: SIGNS,
    run: () => app.write(() => endChat(app, undefined, conversationOf(app, caller).ticket)),
  });
}

/** Asked for anew at each event: a conversation that was erased is gone for connections that are open, too. */
function conversationOf(app: App, { site, token }: Caller): Conversation {
  const conversation = conversationFor(app, site, token);
  if (!conversation) throw NotFound('This conversation is no longer here.');
  return conversation;
}

/** The server chooses the room (AC-52); the last connection that leaves it is the visitor's leaving. */
async function enter(app: App, socket: Socket, caller: Caller): Promise<void> {
  const conversation = conversationOf(app, caller);
  const room = visitorRoom(conversation.ticket);
  if (socket.rooms.has(room)) return;
  await socket.join(room);
  socket.on('disconnect', () => {
    if (socket.nsp.adapter.rooms.get(room)?.size) return;
    app
      .write(() => visitorLeft(app, conversation.chat))
      .catch((error) => reportError(app.log, 'leaving of a visitor', error));
  });
  await app.write(() => visitorCame(app, conversationOf(app, caller)));
}

/** On the agents' namespace, whose sessions are checked there (tickets/sockets.ts). */
export function agentChatSockets(app: App, namespace: Namespace): void {
  namespace.on('connection', (socket) => {
    // Who it is now: roles and teams change while a page is open.
    const agentOf = () => socket.data['agent'] as Agent;
    const chatOf = (number: number) => {
      const agent = agentOf();
      if (!mayRole(agent.role, 'chat.answer')) throw NotAllowed();
      const ticket = ticketFor(app, agent, number);
      const chat = findChatByTicket(app.db, ticket.id);
      if (!chat) throw NotFound('This ticket is no chat.');
      return { ticket, chat };
    };

    onEvent(app, socket, 'typing:set', {
      schema: agentTypingEvent,
      limit: SIGNS,
      run({ number, on }) {
        const { ticket, chat } = chatOf(number);
        if (isLive(chat))
          signalVisitor(app, ticket, 'typing:changed', { who: firstNameOf(agentOf().name), on });
      },
    });

    onEvent(app, socket, 'messages:seen', {
      schema: agentSawEvent,
      limit: SIGNS,
      run: ({ number, sequence }) => app.write(() => agentSaw(app, chatOf(number).ticket, sequence)),
    });
  });
}
