// The open line to the server. Signals say that something changed; who shows it fetches what it looks like now.
import { io, type Socket } from 'socket.io-client';

/** How long the line may be down before the page says so, in ms. */
const PATIENCE = 4_000;

let socket: Socket | undefined;

/** Connects on agents' pages, and lets go when there is no agent any more. */
export function connectLive(): void {
  const check = () => {
    const isDesk = document.querySelector('.desk') !== null;
    if (isDesk && !socket) socket = open();
    if (!isDesk && socket) {
      socket.disconnect();
      socket = undefined;
    }
  };
  check();
  document.addEventListener('turbo:load', check);
}

/** Says something about this page to the server; `answer` gets what the server says back. */
export function tellServer(
  event: string,
  data: object,
  answer: (reply: { ok: boolean; people?: unknown }) => void = () => undefined,
): void {
  if (socket?.connected) socket.emit(event, data, answer);
}

function open(): Socket {
  const line = io('/agent', { transports: ['websocket', 'polling'] });
  let wasDown = false;
  let silence: ReturnType<typeof setTimeout> | undefined;
  const showOffline = (is: boolean) => {
    const notice = document.getElementById('offline');
    if (notice) notice.hidden = !is;
  };
  const down = () => {
    wasDown = true;
    silence ??= setTimeout(() => showOffline(true), PATIENCE);
  };

  line.on('connect', () => {
    clearTimeout(silence);
    silence = undefined;
    showOffline(false);
    // What was said while the line was down is not said again; everybody looks once.
    if (wasDown) pass('live:back');
    if (wasDown) pass('list:changed');
    wasDown = false;
    pass('live:open');
  });
  line.on('disconnect', down);
  line.on('connect_error', (error) => {
    if (error.message === 'not-signed-in') line.disconnect();
    down();
  });
  line.onAny((event: string, data: object) => {
    pass(event, data);
    if (event === 'ticket:changed' || event === 'ticket:gone' || event === 'chat:waiting')
      pass('list:changed');
  });
  return line;
}

const pass = (event: string, detail: object = {}) =>
  document.dispatchEvent(new CustomEvent(event, { detail }));
