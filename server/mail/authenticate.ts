// The door of our own sender checks: raw bytes in, SPF, DKIM, DMARC and ARC out, or nothing where they could not be made.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { App } from '../app';
import { ThreadFailure } from '../jobs/thread';
import { SECOND } from '../lib/clock';
import type { Authentication } from './authentication';
import { DNS_KINDS, type DnsKind } from './dns';

/** The hard stop for one mail, names and all. */
const TIME_LIMIT = 10 * SECOND;
/** Questions for one mail: SPF alone may take ten, and each signature one. */
const MOST_QUESTIONS = 80;

/** What the worker asks, and what it is answered. */
export interface DnsQuestion {
  id: number;
  name: string;
  kind: string;
}
export type DnsAnswer = { id: number } & ({ answers: unknown[] } | { code: string });

/** The worker's task; names are asked for through `dns`, so that the thread itself reaches nobody. */
export interface CheckTask {
  raw: Uint8Array;
  dns: MessagePort;
}

/**
 * Never rejects for the mail's sake: what cannot be found out is unverified, which is no failure. Throws when the threads were
 * closed. The caller needs `raw` no more: a buffer of its own moves into the thread instead of a copy.
 */
export async function authenticateMail(app: App, raw: Uint8Array): Promise<Authentication> {
  const { port1: ours, port2: dns } = new MessageChannel();
  let questions = 0;
  ours.on('message', async (question: DnsQuestion) => {
    questions += 1;
    const answer = questions > MOST_QUESTIONS ? { code: 'ECANCELLED' } : await answerTo(app, question);
    ours.postMessage({ id: question.id, ...answer } satisfies DnsAnswer);
  });
  const isAlone = raw.byteLength === raw.buffer.byteLength;
  const bytes = isAlone ? new Uint8Array(raw.buffer as ArrayBuffer) : new Uint8Array(raw);
  const task: CheckTask = { raw: bytes, dns };
  try {
    return await app.threads.run<Authentication>('authenticate', task, {
      timeoutMs: TIME_LIMIT,
      transfer: [bytes.buffer, dns],
    });
  } catch (failure) {
    if (failure instanceof ThreadFailure && failure.reason !== 'closed')
      return { verdict: 'unverified', by: 'own' };
    throw failure;
  } finally {
    ours.close();
  }
}

async function answerTo(
  app: App,
  { name, kind }: DnsQuestion,
): Promise<{ answers: unknown[] } | { code: string }> {
  if (!DNS_KINDS.includes(kind as DnsKind) || name.length > 255) return { code: 'EBADNAME' };
  try {
    return { answers: await app.hooks.askDns(name, kind as DnsKind) };
  } catch (error) {
    return { code: (error as NodeJS.ErrnoException).code ?? 'ESERVFAIL' };
  }
}
