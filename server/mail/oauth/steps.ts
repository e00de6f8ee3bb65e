// Keeping a mailbox that signs in without a password. The settings pages and the wizard share it.
import type { App } from '../../app';
import type { Actor } from '../../events';
import type { Reader } from '../../web';
import type { MailboxRow } from '../mailbox';
import type { FormPlace } from '../present-form';
import { isAddressTaken, saveMailbox } from '../save-mailbox';
import { readOAuthMailbox } from './forms';
import { type OAuthFormModel, returnedOAuthForm } from './present-form';

/** Nobody is asked yet: signing in comes next. */
export async function saveOAuthTyped(
  app: App,
  actor: Actor,
  reader: Reader,
  place: FormPlace,
  values: Record<string, unknown>,
  mailbox?: MailboxRow,
): Promise<{ form: OAuthFormModel } | { saved: MailboxRow }> {
  const form = readOAuthMailbox(app, values);
  const errors = !form.ok
    ? form.errors
    : isAddressTaken(app, form.value.address, mailbox)
      ? { address: 'mail.address.taken' }
      : undefined;
  if (!form.ok || errors) {
    const returned = { values: form.values, errors: errors ?? {} };
    return { form: returnedOAuthForm(app, reader, place, returned, mailbox) };
  }
  return { saved: await app.write(() => saveMailbox(app, actor, form.value, mailbox)) };
}
