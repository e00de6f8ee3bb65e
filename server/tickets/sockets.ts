// What an agent's open page may say: where it looks and whether somebody writes (W1). Everything else is pages and forms.
import type { Namespace, Socket } from 'socket.io';
import { z } from 'zod';
import type { Agent, Sessions } from '../agents';
import type { App } from '../app';
import { onEvent } from '../realtime';
import { seesEverything } from '../roles';
import { ownOrigin, sessionCookieOf } from '../web';
import { ticketFor } from './access';
import { roomsFor } from './live';
import { type Doing, Presence } from './presence';
import { findTeamsOf, findTicketById } from './queries';

const place = z.strictObject({ number: z.number().int().positive() });
const BUDGET = { events: 20, perSeconds: 20 };
const SWEEP_EVERY = 5_000;

/** Only a signed-in agent, from a page of ours (AC-51); rooms are chosen here, never by the client (AC-52). */
export function ticketSockets(app: App, namespace: Namespace, sessions: Sessions): void {
  const presence = new Presence(() => app.clock.now());

  namespace.use((socket, next) => {
    const { origin, host, cookie } = socket.handshake.headers;
    const secure = isSecure(app, socket);
    const token = origin === ownOrigin(app.config, host, secure) ? sessionCookieOf(cookie, secure) : undefined;
    const session = token === undefined ? undefined : sessions.find(token);
    socket.data['agent'] = session?.agent;
    socket.data['token'] = token;
    socket.data['sessionId'] = session?.sessionId;
    next(session ? undefined : new Error('not-signed-in'));
  });

  namespace.on('connection', (socket) => {
    const agent = socket.data['agent'] as Agent;
    const rooms = ['agents', `agent:${agent.id}`, `session:${socket.data['sessionId']}`, ...findTeamsOf(app.db, agent.id).map((id) => `team:${id}`)];
    void socket.join(seesEverything(agent.role) ? [...rooms, 'admins'] : rooms);

    const note = (doing: Doing) => ({
      schema: place,
      limit: BUDGET,
      run: ({ number }: z.infer<typeof place>) => {
        const ticket = ticketFor(app, agent, number);
        moveTo(socket, ticket.id);
        if (presence.note(ticket.id, agent, doing)) tell(ticket.id);
        return { people: presence.on(ticket.id) };
      },
    });
    onEvent(app, socket, 'presence:look', note('looking'));
    onEvent(app, socket, 'presence:write', note('writing'));
    socket.on('disconnect', () => moveTo(socket, undefined));
  });

  const moveTo = (socket: Socket, ticketId: number | undefined) => {
    const before = socket.data['ticketId'] as number | undefined;
    socket.data['ticketId'] = ticketId;
    if (before === undefined || before === ticketId) return;
    presence.leave(before, (socket.data['agent'] as Agent).id);
    tell(before);
  };

  const tell = (ticketId: number) => {
    const ticket = findTicketById(app.db, ticketId);
    if (!ticket) return;
    for (const room of roomsFor(ticket)) app.hub.signal(room, 'presence:changed', { number: ticket.number, people: presence.on(ticketId) });
  };

  // A session that ended takes its open pages with it (AC-51).
  const sweep = setInterval(() => {
    for (const socket of namespace.sockets.values()) if (!sessions.find(socket.data['token'] as string)) socket.disconnect(true);
    for (const ticketId of presence.sweep()) tell(ticketId);
  }, SWEEP_EVERY);
  sweep.unref();
}

/** Behind a believed proxy the address that was configured says whether people come by HTTPS. */
const isSecure = (app: App, socket: Socket) => app.config.tls !== undefined || socket.handshake.secure || app.config.publicUrl?.startsWith('https:') === true;
