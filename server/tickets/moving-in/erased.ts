// Whoever was erased is not brought back by old mail: what they sent before, and what we sent to them, stays out, whether it was
// ever here or not (P5). New mail of theirs is welcome.
import type { App } from '../../app';
import { peekHeaders } from '../../mail';

const SENDERS = ['from', 'sender', 'reply-to'];

/**
 * Whether somebody who was erased after `sentAt` is the sender of this raw mail, or the only one that it is to. One of which nobody
 * knows when it was sent is old.
 */
export function isOfErased(app: App, raw: Uint8Array, sentAt: number | undefined): boolean {
  const headers = peekHeaders(raw, [...SENDERS, 'to']);
  const isErased = (address: string) => {
    const at = app.hooks.erasedAt(app, address);
    return at !== undefined && (sentAt === undefined || at >= sentAt);
  };
  const to = addressesIn(headers['to']);
  return (
    SENDERS.flatMap((name) => addressesIn(headers[name])).some(isErased) ||
    (to.length > 0 && to.every(isErased))
  );
}

/** As the ledger has them: lower case. */
const addressesIn = (values: string[] = []): string[] =>
  values
    .join(' ')
    .slice(0, 20_000)
    .toLowerCase()
    .split(/[\s<>(),;:"']+/)
    .filter((word) => word.includes('@'));
