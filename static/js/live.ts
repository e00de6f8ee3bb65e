// The open line to the server. Signals say that something changed; who shows it fetches what it looks like now.
import { io, type Socket } from 'socket.io-client';
import { tellCutOff, tellSignedOut } from './cut-off';
import { whenSeen } from './when-seen';

/** How long the line may be down before the page says so, in ms. */
const PATIENCE = 4_000;
/** Somebody who was signed out may sign in again in another tab; so long until the next look, in ms. */
const KNOCK_AGAIN = 5_000;

/** No page takes longer than this to come and be shown, in ms. */
const ON_ITS_WAY = 3_000;

let socket: Socket | undefined;

export interface TicketChange {
  number: number;
  sequence: number;
  changedSequence: number;
}

const lastChanges = new Map<number, TicketChange>();
/** As of which change. */
const gone = new Map<number, number>();
let listChangedAt = 0;

/** What was said last about a ticket: a page that was on its way at that moment did not hear it. */
export const lastChangeOf = (number: number): TicketChange | undefined => lastChanges.get(number);

/** Whether it was said that a ticket is there no more, and the page does not come from after it was brought back. */
export const isGone = (number: number, changedSequence: number): boolean =>
  changedSequence <= (gone.get(number) ?? -1);

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
  answer: (reply: { ok: boolean; people?: unknown; tickets?: unknown }) => void = () => undefined,
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
  const down = () => {
    silence ??= setTimeout(() => tellCutOff(true), PATIENCE);
  };
  const up = () => {
    clearTimeout(silence);
    silence = undefined;
    tellCutOff(false);
  };
  const knock = () => {
    if (line === socket) line.connect();
  };
  const signedOut = () => {
    up();
    tellSignedOut(true);
    setTimeout(whenSeen(knock), KNOCK_AGAIN);
  };

  line.on('connect', () => {
    up();
    tellSignedOut(false);
    // What was said before, while the page was on its way or the line was down, is not said again: everybody looks once.
    pass('live:open');
    pass('list:changed');
  });
  // Hung up by the server, which does that when a session has ended: whether it has is told when we call again.
  line.on('disconnect', (reason) => (reason === 'io server disconnect' ? knock() : down()));
  line.on('connect_error', (error) => (error.message === 'not-signed-in' ? signedOut() : down()));
  line.onAny((event: string, data: object) => {
    if (event === 'ticket:changed') lastChanges.set((data as TicketChange).number, data as TicketChange);
    if (event === 'ticket:gone') {
      const { number, changedSequence } = data as TicketChange;
      gone.set(number, changedSequence);
    }
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
