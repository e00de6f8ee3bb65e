// Waiting for mail: IDLE (RFC 2177) where the server offers it, asking again and again where not (M1).
import type { ImapFlow } from 'imapflow';
import type { Imap } from './imap';

export interface Pace {
  /** Between two looks at a server without IDLE, milliseconds. */
  poll: number;
  /** Between two looks at a server with IDLE that says nothing: some announce less than they get. */
  check: number;
}

export const PACE: Pace = { poll: 60_000, check: 10 * 60_000 };

/** An IDLE that lasted less, milliseconds, was none; asking for it again at once would be a storm. */
const TOO_SHORT = 1_000;

/**
 * Calls `onNews` whenever the open folder may have got mail, and waits for it before it goes on; `onNews` is
 * expected to fetch over the same connection. Returns when the signal is aborted or the connection is gone.
 */
export async function idle(
  imap: Imap,
  onNews: () => Promise<void>,
  signal: AbortSignal,
  pace = PACE,
): Promise<'stopped' | 'lost'> {
  for (;;) {
    const why = await wait(imap, signal, pace);
    if (why !== 'news') return why;
    await onNews();
  }
}

type Why = 'news' | 'stopped' | 'lost';

function wait(imap: Imap, signal: AbortSignal, pace: Pace): Promise<Why> {
  const { client } = imap;
  if (signal.aborted) return Promise.resolve('stopped');
  if (client.isClosed) return Promise.resolve('lost');
  if (imap.news) return Promise.resolve('news');

  return new Promise((resolve) => {
    const offered = client.capabilities.has('IDLE');
    let timer = setTimeout(() => end('news'), offered ? pace.check : pace.poll);
    let waiting = true;
    const onExists = () => imap.news && end('news');
    const onClose = () => end('lost');
    const onAbort = () => end('stopped');
    client.on('exists', onExists);
    client.on('close', onClose);
    signal.addEventListener('abort', onAbort);
    if (offered) void keepIdling();

    function end(why: Why) {
      waiting = false;
      clearTimeout(timer);
      client.off('exists', onExists);
      client.off('close', onClose);
      signal.removeEventListener('abort', onAbort);
      resolve(why);
    }

    /** The command ends by itself now and then (keep-alive, a server's own limit) and is given again. */
    async function keepIdling() {
      while (waiting && !client.isClosed) {
        const begun = performance.now();
        if (!(await idleOnce(client)) || performance.now() - begun < TOO_SHORT) break;
      }
      if (!waiting) return;
      clearTimeout(timer);
      timer = setTimeout(() => end('news'), pace.poll);
    }
  });
}

/** False when the server refuses the command it offered, or the connection broke. */
async function idleOnce(client: ImapFlow): Promise<boolean> {
  try {
    if (client.idling) await client.noop();
    return (await client.idle()) !== false;
  } catch {
    return false;
  }
}
