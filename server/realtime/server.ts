// Socket.IO on the same port: agents and visitors in namespaces of their own.
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Server } from 'socket.io';
import type { Hub } from './hub';

/** The one signal that also hangs up: whoever is in the room has no session any more (AC-51). */
const SESSION_ENDED = 'session:ended';

/** Larger messages are cut off by the transport (AC-54). */
const LARGEST_MESSAGE = 64 * 1024;

/**
 * `mayConnect` decides by the request that opens a connection, on both transports, before anything else is read (AC-51); CORS
 * headers are never sent. Per-message deflate is off (SPEED: 262 MB for 5,000 clients).
 */
export function openSockets(
  http: HttpServer,
  hub: Hub,
  mayConnect: (req: IncomingMessage) => boolean,
): Server {
  const io = new Server(http, {
    serveClient: false,
    maxHttpBufferSize: LARGEST_MESSAGE,
    perMessageDeflate: false,
    httpCompression: false,
    pingInterval: 15_000,
    pingTimeout: 10_000,
    connectionStateRecovery: undefined,
    allowRequest: (req, decide) => decide(null, mayConnect(req)),
  });
  const placeOf = (room: string) => io.of(room.startsWith('visitor') ? '/visitor' : '/agent');
  hub.attach(
    ({ room, event, data }) => {
      const sockets = placeOf(room).in(room);
      sockets.emit(event, data);
      if (event === SESSION_ENDED) sockets.disconnectSockets(true);
    },
    (room) => placeOf(room).adapter.rooms.has(room),
  );
  return io;
}
