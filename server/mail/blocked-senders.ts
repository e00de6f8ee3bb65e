// Senders whose mail is not filed: it waits in the tray, where a person may import it after all (M4).
import { z } from 'zod';
import type { App } from '../app';
import { change, insert, query, queryOne } from '../db';
import { type Actor, record } from '../events';
import { line } from '../web';
import { addressKey, domainOf, validAddress, validDomain } from './addresses';
import { isOwnAddress } from './own-address';

export interface BlockedRow {
  id: number;
  kind: 'address' | 'domain';
  value: string;
  blocked_by: number | null;
  created_at: number;
}

export type BlockedSender = Pick<BlockedRow, 'kind' | 'value'>;

const findByValue = queryOne<[value: string], BlockedRow>('SELECT * FROM blocked_senders WHERE value = ?');
const insertBlocked = insert<[kind: string, value: string, by: number | null, now: number]>(
  'INSERT INTO blocked_senders (kind, value, blocked_by, created_at) VALUES (?, ?, ?, ?)',
);
const deleteBlocked = change<[value: string]>('DELETE FROM blocked_senders WHERE value = ?');
/** Newest first. */
export const findBlocked = query<[limit: number], BlockedRow[]>(
  'SELECT * FROM blocked_senders ORDER BY id DESC LIMIT ?',
);
export const findBlockedById = queryOne<[id: number], BlockedRow>(
  'SELECT * FROM blocked_senders WHERE id = ?',
);

/** The entry that stops mail from this address: itself, its domain, or one above it. */
export function blockOf(app: App, address: string): BlockedRow | undefined {
  const key = addressKey(address);
  const labels = domainOf(key).split('.');
  const domains = labels.slice(0, -1).map((_, at) => labels.slice(at).join('.'));
  for (const value of [key, ...domains]) {
    const found = findByValue(app.db, value);
    if (found) return found;
  }
  return undefined;
}

export const isBlocked = (app: App, addresses: (string | undefined)[]): boolean =>
  addresses.some((address) => address !== undefined && blockOf(app, address) !== undefined);

/** An address, a domain, or a domain with an @ before it; our own is never blocked. */
export const blockForm = (app: App) =>
  z.strictObject({
    sender: line(254).transform((typed, context): BlockedSender => {
      const address = validAddress(typed);
      const domain = address ? undefined : validDomain(typed.replace(/^@/, ''));
      const value = address ? addressKey(address) : (domain ?? '');
      if (!value) context.addIssue({ code: 'custom', message: 'mail.blocked.wrong' });
      else if (isOurs(app, value)) context.addIssue({ code: 'custom', message: 'mail.blocked.own' });
      return { kind: address ? 'address' : 'domain', value };
    }),
  });

function isOurs(app: App, value: string): boolean {
  if (value.includes('@')) return isOwnAddress(app, value);
  return app.hooks.ownDomains(app).some((own) => own === value || own.endsWith(`.${value}`));
}

/** False when it was blocked already. Within a transaction. */
export function blockSender(app: App, actor: Actor, { kind, value }: BlockedSender): boolean {
  if (findByValue(app.db, value)) return false;
  const id = insertBlocked(app.db, kind, value, actor.id, app.clock.now());
  record(app, 'sender.blocked', actor, { id }, { kind });
  return true;
}

/** False when it was not blocked any more. Within a transaction. */
export function unblockSender(app: App, actor: Actor, value: string): boolean {
  const known = findByValue(app.db, value);
  if (!known) return false;
  deleteBlocked(app.db, value);
  record(app, 'sender.unblocked', actor, known, { kind: known.kind });
  return true;
}
