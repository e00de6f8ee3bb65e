// Further addresses of a mailbox: mail to one comes there, and its tickets are answered as it.
import { z } from 'zod';
import type { App } from '../app';
import { change, insert, query, queryOne } from '../db';
import { type Actor, record } from '../events';
import { Conflict } from '../lib/errors';
import { requiredLine } from '../web';
import { addressKey, validAddress } from './addresses';
import type { MailboxRow } from './mailbox';
import { ownAddress } from './own-address';

export interface AliasRow {
  id: number;
  mailbox_id: number;
  address: string;
  address_key: string;
  created_at: number;
  deleted_at: number | null;
}

/** Of one mailbox. */
const MOST_ALIASES = 50;

export const findAliases = query<[mailboxId: number], AliasRow[]>(
  'SELECT * FROM mailbox_aliases WHERE mailbox_id = ? AND deleted_at IS NULL ORDER BY address_key',
);
/** Also one that was removed: what a ticket was written to stays true. */
export const findAliasById = queryOne<[id: number], AliasRow>('SELECT * FROM mailbox_aliases WHERE id = ?');
const findRemoved = queryOne<[mailboxId: number, addressKey: string], AliasRow>(
  'SELECT * FROM mailbox_aliases WHERE mailbox_id = ? AND address_key = ? AND deleted_at IS NOT NULL',
);
const insertAlias = insert<[mailboxId: number, address: string, addressKey: string, now: number]>(
  'INSERT INTO mailbox_aliases (mailbox_id, address, address_key, created_at) VALUES (?, ?, ?, ?)',
);
const reviveAlias = change<[address: string, id: number]>(
  'UPDATE mailbox_aliases SET address = ?, deleted_at = NULL WHERE id = ?',
);
const updateRemoved = change<[now: number, id: number]>(
  'UPDATE mailbox_aliases SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL',
);
const updateAllRemoved = change<[now: number, mailboxId: number]>(
  'UPDATE mailbox_aliases SET deleted_at = ? WHERE mailbox_id = ? AND deleted_at IS NULL',
);

/** One address that is nobody's here: each takes mail for one mailbox only. */
export const aliasForm = (app: App, mailbox: MailboxRow) =>
  z.strictObject({
    alias: requiredLine(254).transform((typed, context): string => {
      const address = validAddress(typed);
      if (!address) context.addIssue({ code: 'custom', message: 'errors.field.email' });
      else if (ownAddress(app, address)) context.addIssue({ code: 'custom', message: 'mail.aliases.taken' });
      else if (findAliases(app.db, mailbox.id).length >= MOST_ALIASES)
        context.addIssue({ code: 'custom', message: 'mail.aliases.tooMany' });
      return address ?? '';
    }),
  });

/** Throws Conflict when it is an address of ours meanwhile. One that was this mailbox's before is the same again. Within a transaction. */
export function addAlias(app: App, actor: Actor, mailbox: MailboxRow, address: string): void {
  if (ownAddress(app, address)) throw Conflict('This address takes mail for a mailbox here already.');
  const known = findRemoved(app.db, mailbox.id, addressKey(address));
  if (known) reviveAlias(app.db, address, known.id);
  else insertAlias(app.db, mailbox.id, address, addressKey(address), app.clock.now());
  record(app, 'mailbox.alias-added', actor, mailbox);
}

/** Its tickets are answered as the mailbox's own address from now on, what waits to be sent included. Within a transaction. */
export function removeAlias(app: App, actor: Actor, mailbox: MailboxRow, alias: AliasRow): void {
  updateRemoved(app.db, app.clock.now(), alias.id);
  record(app, 'mailbox.alias-removed', actor, mailbox);
}

/** With their mailbox. Within a transaction. */
export const removeAliasesOf = (app: App, mailbox: MailboxRow): void =>
  void updateAllRemoved(app.db, app.clock.now(), mailbox.id);
