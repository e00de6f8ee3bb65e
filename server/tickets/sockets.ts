// What an agent's open page may say: where it looks and whether somebody writes (W1). Everything else is pages and forms.
import type { Namespace, Socket } from 'socket.io';
import { z } from 'zod';
import { type Agent, findTeamsOf, type KnownSession, type Sessions } from '../agents';
import type { App } from '../app';
import { onEvent } from '../realtime';
import { seesEverything } from '../roles';
import { cameSecurely, sessionCookieOf } from '../web';
import { numberFor, ticketFor } from './access';
import { roomsOf } from './live';
import { type Doing, Presence } from './presence';
import { findTicketById } from './queries';

const place = z.strictObject({ number: z.number().int().positive() });
const nothing = z.strictObject({});
const BUDGET = { events: 20, perSeconds: 20 };
/** Ends sessions within 5 s (AC-51), and presence 25 s after the last sign of life (W1). */
const SESSIONS_EVERY = 4_000;
const PRESENCE_EVERY = 1_000;

/** Only a signed-in agent; that the page is ours was checked before (AC-51). Rooms are chosen here, never by the client (AC-52). */
export function ticketSockets(app: App, namespace: Namespace, sessions: Sessions): void {
  const presence = new Presence(() => app.clock.now());

  namespace.use((socket, next) => {
    const token = sessionCookieOf(
      socket.handshake.headers.cookie,
      cameSecurely(socket.request, app.config.trustedProxies),
    );
    const session = token === undefined ? undefined : sessions.find(token);
    socket.data['token'] = token;
    if (session) admit(app, socket, session);
    next(session ? undefined : new Error('not-signed-in'));
  });

  namespace.on('connection', (socket) => {
    const note = (doing: Doing) => ({
      schema: place,
      limit: BUDGET,
      run: ({ number }: z.infer<typeof place>) => {
        const agent = agentOn(socket);
        const ticket = ticketFor(app, agent, number);
        moveTo(socket, ticket.id);
        if (presence.note(ticket.id, agent, doing)) tell(ticket.id);
        return { people: presence.on(ticket.id) };
      },
    });
    onEvent(app, socket, 'presence:look', note('looking'));
    onEvent(app, socket, 'presence:write', note('writing'));
    onEvent(app, socket, 'presence:list', {
      schema: nothing,
      limit: BUDGET,
      run: () => ({ tickets: whereabouts(agentOn(socket)) }),
    });
    socket.on('disconnect', () => moveTo(socket, undefined));
  });

  const moveTo = (socket: Socket, ticketId: number | undefined) => {
    const before = socket.data['ticketId'] as number | undefined;
    socket.data['ticketId'] = ticketId;
    if (before === undefined || before === ticketId || isOpenElsewhere(namespace, socket, before)) return;
    presence.leave(before, agentOn(socket).id);
    tell(before);
  };

  /** For a list that was just opened; what changes later is told as it happens. */
  const whereabouts = (agent: Agent) =>
    presence.everywhere().flatMap((ticketId) => {
      const number = numberFor(app, agent, ticketId);
      return number === undefined ? [] : { number, people: presence.on(ticketId) };
    });

  const tell = (ticketId: number) => {
    const ticket = findTicketById(app.db, ticketId);
    if (!ticket) return;
    for (const room of roomsOf(app, ticket))
      app.hub.signal(room, 'presence:changed', { number: ticket.number, people: presence.on(ticketId) });
  };

  // A session that ended takes its open pages with it (AC-51); what a role or team no longer shows is not signalled (AC-47).
  const checkSessions = setInterval(() => {
    for (const socket of namespace.sockets.values()) {
      const session = sessions.find(socket.data['token'] as string);
      if (session) admit(app, socket, session);
      else socket.disconnect(true);
    }
  }, SESSIONS_EVERY);
  const sweep = setInterval(() => {
    for (const ticketId of presence.sweep()) tell(ticketId);
  }, PRESENCE_EVERY);
  checkSessions.unref();
  sweep.unref();
}

const agentOn = (socket: Socket) => socket.data['agent'] as Agent;

/** Puts a connection into the rooms that are its agent's now, and takes it out of those that were. */
function admit(app: App, socket: Socket, { agent, sessionId }: KnownSession): void {
  socket.data['agent'] = agent;
  const rooms = [
    'agents',
    `agent:${agent.id}`,
    `session:${sessionId}`,
    ...findTeamsOf(app.db, agent.id).map((id) => `team:${id}`),
  ];
  if (seesEverything(agent.role)) rooms.push('admins');
  for (const room of socket.rooms) if (room !== socket.id && !rooms.includes(room)) void socket.leave(room);
  void socket.join(rooms);
}

/** The same person has the ticket open in another window. */
const isOpenElsewhere = (namespace: Namespace, socket: Socket, ticketId: number): boolean =>
  [...namespace.sockets.values()].some(
    (other) =>
      other !== socket && other.data['ticketId'] === ticketId && agentOn(other).id === agentOn(socket).id,
  );
