// The line to the desk: a websocket, long polling where that is blocked (C5), and patience where nothing gets through.
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
const BACK_AFTER = 1_500;

/** `token` is asked for at every new connection. */
export function openLine(site: string, token: () => string | undefined): Line {
  const socket = io('/visitor', {
    auth: (give) => give({ site, token: token() }),
    transports: ['websocket', 'polling'],
    timeout: PATIENCE,
    reconnectionDelay: 500,
    reconnectionDelayMax: 8_000,
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
    // The desk hangs up when it stops; it will be back.
    if (reason === 'io server disconnect') setTimeout(() => socket.connect(), BACK_AFTER);
  });
  socket.on('connect_error', (error) => {
    tell('offline');
    if (error.message === 'not-allowed') return tell('refused');
    // A proxy that lets no websocket through mostly lets long polls through.
    socket.io.opts.transports = ['polling', 'websocket'];
    if (socket.active) return;
    setTimeout(() => socket.connect(), PATIENCE);
  });
  socket.onAny((event: string, data: Hears) => tell(event, data));

  return {
    on(event, hear) {
      listeners.set(event, [...(listeners.get(event) ?? []), hear]);
    },
    async ask(event, data) {
      if (!socket.connected) return undefined;
      return socket
        .timeout(PATIENCE)
        .emitWithAck(event, data)
        .catch(() => void socket.io.engine.close());
    },
    reconnect() {
      socket.disconnect().connect();
    },
  };
}
