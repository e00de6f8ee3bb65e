// The other end of a thread: what a *-worker.ts calls, once, to answer what `Threads.run` asks.
import { parentPort } from 'node:worker_threads';
import type { Reply } from './thread';

/** Answers every payload with what `work` makes of it; `transfer` names the answer's buffers that need no copy. */
export function answerWith<Payload>(
  work: (payload: Payload) => Promise<{ answer: unknown; transfer: ArrayBuffer[] }>,
): void {
  if (!parentPort) throw new Error('This code runs in a worker thread only.');
  const port = parentPort;
  port.on('message', async (payload: Payload) => {
    try {
      const { answer, transfer } = await work(payload);
      port.postMessage({ answer } satisfies Reply, transfer);
    } catch (threw) {
      port.postMessage({ threw } satisfies Reply);
    }
  });
}
