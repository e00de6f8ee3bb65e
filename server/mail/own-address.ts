// Our own addresses, with or without one of our +tags: those of mailboxes, and their aliases.
import type { App } from '../app';
import { queryOne } from '../db';
import { addressKey, domainOf, splitTag } from './addresses';
import type { AliasRow } from './aliases';
import type { MailboxRow } from './mailbox';
import { findMailboxByAddress, findMailboxById, findMailboxes } from './queries';

const findAliasByAddress = queryOne<[addressKey: string], AliasRow>(
  'SELECT * FROM mailbox_aliases WHERE address_key = ? AND deleted_at IS NULL',
);
const findAliasDomains = queryOne<[], { keys: string }>(
  'SELECT json_group_array(address_key) AS keys FROM mailbox_aliases WHERE deleted_at IS NULL',
);

export interface OwnAddress {
  mailbox: MailboxRow;
  /** Undefined: it is the mailbox's own address. */
  alias?: AliasRow;
}

/** Whose address this is, letter for letter but for capitals. */
export function ownAddress(app: App, address: string): OwnAddress | undefined {
  const key = addressKey(address);
  const mailbox = findMailboxByAddress(app.db, key);
  if (mailbox) return { mailbox };
  const alias = findAliasByAddress(app.db, key);
  const takes = alias && findMailboxById(app.db, alias.mailbox_id);
  return takes && { mailbox: takes, alias };
}

/** Which of our addresses takes mail for this one; one whose own name has a plus comes first. */
const takerOf = (app: App, address: string): OwnAddress | undefined =>
  ownAddress(app, address) ?? ownAddress(app, splitTag(address).address);

/** The mailbox that takes mail for an address. */
export const mailboxOfAddress = (app: App, address: string): MailboxRow | undefined =>
  takerOf(app, address)?.mailbox;

/** Our own addresses never become anybody's: no customer's, no recipient's, no suggestion (AC-23). */
export const isOwnAddress = (app: App, address: string): boolean => takerOf(app, address) !== undefined;

/** Which alias of the mailbox a mail was written to; undefined when it names the mailbox's own address before, or none of ours. */
export function aliasWrittenTo(app: App, mailbox: { id: number }, addresses: string[]): AliasRow | undefined {
  for (const address of addresses) {
    const ours = takerOf(app, address);
    if (ours?.mailbox.id === mailbox.id) return ours.alias;
  }
  return undefined;
}

/** Domains in which we have addresses, lower case. */
export function domainsOfMailboxes(app: App): string[] {
  const aliases = JSON.parse(findAliasDomains(app.db)?.keys ?? '[]') as string[];
  return [...findMailboxes(app.db).map(({ address_key }) => address_key), ...aliases].map(domainOf);
}
