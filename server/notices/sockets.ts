// What an agent's open page may say about notices: that a ticket is being looked at while something happens to it.
import type { Namespace, Socket } from 'socket.io';
import { z } from 'zod';
import { type Agent, updateAgentSeen } from '../agents';
import type { App } from '../app';
import { reportError } from '../lib/report-error';
import { onEvent } from '../realtime';
import { ticketFor } from '../tickets';
import { readNoticesOf } from './read';

const place = z.strictObject({ number: z.number().int().positive() });
const BUDGET = { events: 10, perSeconds: 10 };

/** Only a signed-in agent gets here: whoever connects is checked by the sockets of tickets (AC-51). */
export function noticeSockets(app: App, namespace: Namespace): void {
  namespace.on('connection', (socket) => {
    onEvent(app, socket, 'notices:seen', {
      schema: place,
      limit: BUDGET,
      run: ({ number }) => readNoticesOf(app, agentOn(socket), ticketFor(app, agentOn(socket), number)),
    });
    // From now on they may be away.
    socket.on('disconnect', () => {
      app
        .write(() => updateAgentSeen(app.db, app.clock.now(), agentOn(socket).id))
        .catch((error) => reportError(app.log, 'noting that a page was closed', error));
    });
  });
}

const agentOn = (socket: Socket) => socket.data['agent'] as Agent;
