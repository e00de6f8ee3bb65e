// Contents page: every namespace of live signals, and who may connect (AC-51).
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Server } from 'socket.io';
import type { Sessions } from './agents';
import type { App } from './app';
import { agentChatSockets, ChatLimits, visitorSockets } from './chat';
import { noticeSockets } from './notices';
import { openSockets } from './realtime';
import { publicUrlOf } from './settings';
import { ticketSockets } from './tickets';
import { cameFromOwnPage, shortIpOf } from './web';

export function openAllSockets(app: App, http: HttpServer, sessions: Sessions): Server {
  const limits = new ChatLimits(app);
  const networkOf = (req: IncomingMessage) => shortIpOf(req, app.config.trustedProxies);
  const io = openSockets(
    http,
    app.hub,
    (req) => cameFromOwnPage(req, app.config, publicUrlOf(app)) && limits.mayConnect(networkOf(req)), // C9, AC-54
  );
  // presence:look, presence:write, presence:list                                     a signed-in agent, own origin
  ticketSockets(app, io.of('/agent'), sessions);
  agentChatSockets(app, io.of('/agent')); // typing:set, messages:seen               chat.answer
  noticeSockets(app, io.of('/agent')); // notices:seen                               a signed-in agent, own origin
  // chat:start, message:send, messages:after, messages:seen, typing:set, chat:end    whoever has the chat's token
  visitorSockets(app, io.of('/visitor'), limits, (socket) => networkOf(socket.request));
  return io;
}
