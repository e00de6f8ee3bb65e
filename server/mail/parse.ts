// The door of mail reading: raw bytes in, a ParsedMail out, whatever the bytes do to the thread that reads them.
import { cleanFileName } from '../attachments';
import { type ThreadEnd, ThreadFailure, type Threads } from '../jobs/thread';
import { LONGEST_HEADERS } from './limits';
import type { ParsedMail, UnreadableReason } from './parsed-mail';
import { unreadableMail } from './unreadable-mail';

/** The hard stop for one mail; two mails are read at the same time. */
const TIME_LIMIT = 8_000;

const REASONS: Partial<Record<ThreadEnd, UnreadableReason>> = {
  'took too long': 'took-too-long',
  'ran out of memory': 'too-much-memory',
  failed: 'parser-failed',
};

/**
 * Reads a mail in a worker thread. A mail over which the thread had to be stopped comes back with its headers and
 * `unreadable` set, so that it can be filed and its raw file offered (M13). Throws only when the threads were closed.
 * With `give` the caller needs `raw` no more: its buffer moves into the thread instead of a copy.
 */
export async function parseMail(
  threads: Threads,
  raw: Uint8Array,
  { timeoutMs = TIME_LIMIT, give = false } = {},
): Promise<ParsedMail> {
  const size = raw.byteLength;
  const head = new Uint8Array(raw.subarray(0, LONGEST_HEADERS));
  const isAlone = size === raw.buffer.byteLength;
  const moved = give && isAlone ? new Uint8Array(raw.buffer as ArrayBuffer) : new Uint8Array(raw);
  try {
    const mail = await threads.run<ParsedMail>('parse', moved, { timeoutMs, transfer: [moved.buffer] });
    return {
      ...mail,
      attachments: mail.attachments.map((file) => ({ ...file, name: cleanFileName(file.name) })),
    };
  } catch (failure) {
    const reason = failure instanceof ThreadFailure ? REASONS[failure.reason] : undefined;
    if (!reason) throw failure;
    return { ...unreadableMail(head, reason), size };
  }
}
