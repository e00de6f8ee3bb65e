// The open line to the server. Signals say that something changed; who shows it fetches what it looks like now.
import { io, type Socket } from 'socket.io-client';

/** How long the line may be down before the page says so, in ms. */
const PATIENCE = 4_000;

/** No page takes longer than this to come and be shown, in ms. */
const ON_ITS_WAY = 3_000;

let socket: Socket | undefined;

export interface TicketChange {
  number: number;
  sequence: number;
  changedSequence: number;
}

const lastChanges = new Map<number, TicketChange>();
let listChangedAt = 0;

/** What was said last about a ticket: a page that was on its way at that moment did not hear it. */
export const lastChangeOf = (number: number): TicketChange | undefined => lastChanges.get(number);

/** Whether a list that comes just now may be older than what was said. */
export const listJustChanged = (): boolean => Date.now() - listChangedAt < ON_ITS_WAY;

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
  const line = io('/agent', {
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    extraHeaders: { 'x-hearthdesk-page': '1' },
  });
  let silence: ReturnType<typeof setTimeout> | undefined;
  const showOffline = (is: boolean) => {
    const notice = document.getElementById('offline');
    if (notice) notice.hidden = !is;
  };
  const down = () => {
    silence ??= setTimeout(() => showOffline(true), PATIENCE);
  };

  line.on('connect', () => {
    clearTimeout(silence);
    silence = undefined;
    showOffline(false);
    // What was said before, while the page was on its way or the line was down, is not said again: everybody looks once.
    pass('live:open');
    pass('list:changed');
  });
  line.on('disconnect', down);
  line.on('connect_error', (error) => {
    if (error.message === 'not-signed-in') line.disconnect();
    down();
  });
  line.onAny((event: string, data: object) => {
    if (event === 'ticket:changed') lastChanges.set((data as TicketChange).number, data as TicketChange);
    pass(event, data);
    if (event === 'ticket:changed' || event === 'ticket:gone' || event === 'chat:waiting')
      pass('list:changed');
  });
  return line;
}

function pass(event: string, detail: object = {}): void {
  if (event === 'list:changed') listChangedAt = Date.now();
  document.dispatchEvent(new CustomEvent(event, { detail }));
}
