// Contents page: every namespace of live signals, and who may connect (AC-51).
import type { Server as HttpServer } from 'node:http';
import type { Server } from 'socket.io';
import type { Sessions } from './agents';
import type { App } from './app';
import { openSockets } from './realtime';
import { ticketSockets } from './tickets';

export function openAllSockets(app: App, http: HttpServer, sessions: Sessions): Server {
  const io = openSockets(http, app.hub, () => true);
  ticketSockets(app, io.of('/agent'), sessions); // presence:look, presence:write    a signed-in agent, own origin
  return io;
}
