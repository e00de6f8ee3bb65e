// The line to the desk: a long poll that becomes a websocket where nothing is in its way, and patience where nothing gets
// through.
import { io } from 'socket.io-client';

export type Answer = { ok: boolean; error?: string; [fact: string]: unknown };
type Hears = Record<string, unknown>;

export interface Line {
  /** Signals by name; `online`, `offline`, and `refused` when the token opens nothing any more. */
  on(event: string, hear: (data: Hears) => void): void;
  /** The acknowledgement, or undefined when none came: then the line is opened anew, and `online` tells of it. */
  ask(event: string, data: object): Promise<Answer | undefined>;
  reconnect(): void;
}

const PATIENCE = 8_000;

/** `token` is asked for at every new connection. */
export function openLine(site: string, token: () => string | undefined): Line {
  const socket = io('/visitor', {
    auth: (give) => give({ site, token: token() }),
    // A long poll goes through every proxy; what can become a websocket does so a moment later (C5).
    transports: ['polling', 'websocket'],
    timeout: PATIENCE,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    // Proves to the desk that a page of its own opens the long poll, where browsers send no Origin (AC-51).
    extraHeaders: { 'x-hearthdesk-page': '1' },
  });
  const listeners = new Map<string, ((data: Hears) => void)[]>();
  const tell = (event: string, data: Hears = {}) => {
    for (const hear of listeners.get(event) ?? []) hear(data);
  };

  socket.on('connect', () => tell('online'));
  socket.on('disconnect', (reason) => {
    tell('offline');
    // A broken line mends itself. This one the desk hung up: too many come from one network (C9).
    if (reason === 'io server disconnect') setTimeout(() => socket.connect(), PATIENCE);
  });
  socket.on('connect_error', (error) => {
    tell('offline');
    if (error.message === 'not-allowed') return tell('refused');
    // Refused by name and not for want of a line: it is asked again, unhurriedly.
    if (!socket.active) setTimeout(() => socket.connect(), PATIENCE);
  });
  socket.onAny((event: string, data: Hears) => tell(event, data));

  return {
    on(event, hear) {
      listeners.set(event, [...(listeners.get(event) ?? []), hear]);
    },
    async ask(event, data) {
      if (!socket.connected) return undefined;
      // The line that it was asked on, which may have been replaced since.
      const { engine } = socket.io;
      return socket
        .timeout(PATIENCE)
        .emitWithAck(event, data)
        .catch(() => void engine.close());
    },
    reconnect() {
      socket.disconnect().connect();
    },
  };
}
