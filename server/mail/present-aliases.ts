// The aliases of a mailbox, as its settings page shows them.
import type { App } from '../app';
import { errorWords, type FieldErrors, type Reader, typedIn } from '../web';
import { findAliases } from './aliases';
import type { MailboxRow } from './mailbox';

/** views/mail/_aliases */
export interface AliasesModel {
  t: Reader['t'];
  action: string;
  address: string;
  aliases: { id: number; address: string }[];
  value: string;
  error?: string | undefined;
}

/** What was typed, and what is wrong with it. */
export interface AliasesBack {
  values: Record<string, unknown>;
  errors: FieldErrors;
}

export const aliasesModel = (
  app: App,
  { t }: Reader,
  mailbox: MailboxRow,
  back?: AliasesBack,
): AliasesModel => ({
  t,
  action: `/settings/mailboxes/${mailbox.id}/aliases`,
  address: mailbox.address,
  aliases: findAliases(app.db, mailbox.id).map(({ id, address }) => ({ id, address })),
  value: back ? typedIn(back.values, 'alias') : '',
  error: back && errorWords(t, back.errors)['alias'],
});
