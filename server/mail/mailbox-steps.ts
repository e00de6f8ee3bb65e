// Setting up a mailbox, step by step: the address, the servers, a test, saved. The settings pages and the wizard share it.
import type { App } from '../app';
import type { Actor } from '../events';
import { firmOf } from '../settings';
import { checkForm, errorWords, type FieldErrors, type Reader, typedIn } from '../web';
import type { MailboxRow } from './mailbox';
import { readMailboxForm, suggestionForm } from './mailbox-form';
import { newOAuthForm, type OAuthFormModel } from './oauth/present-form';
import { type FormPlace, type MailboxFormModel, returnedForm, suggestedForm } from './present-form';
import { isAddressTaken, saveMailbox } from './save-mailbox';
import { suggestSettings } from './suggest-settings';
import { testMailbox } from './test-mailbox';

type Values = Record<string, unknown>;

/** views/mail/_address-form */
export interface AddressFormModel {
  t: Reader['t'];
  action: string;
  address: string;
  errors: FieldErrors;
  other: { href: string; text: string };
}

export const emptyAddressForm = (
  { t }: Reader,
  action: string,
  other: AddressFormModel['other'],
): AddressFormModel => ({
  t,
  action,
  address: '',
  errors: {},
  other,
});

/** From the address to a form with the servers filled in, as far as anybody knows them. Waits five seconds at most. */
export async function suggestMailbox(
  app: App,
  reader: Reader,
  place: FormPlace,
  values: Values,
): Promise<{ again: AddressFormModel } | { form: MailboxFormModel } | { oauthForm: OAuthFormModel }> {
  const { t } = reader;
  const form = checkForm(suggestionForm, values);
  const errors = !form.ok
    ? form.errors
    : isAddressTaken(app, form.value.address)
      ? { address: 'mail.address.taken' }
      : undefined;
  if (!form.ok || errors) {
    const typed = { address: typedIn(form.values, 'address'), errors: errorWords(t, errors ?? {}) };
    return { again: { t, action: place.addressAction, other: place.other, ...typed } };
  }
  const { address, by } = form.value;
  const suggestion = await suggestSettings(address);
  const { oauth, passwordKind } = suggestion;
  if (oauth && (by === 'oauth' || passwordKind === 'none')) {
    const typed = { address, senderName: firmOf(app).company };
    return { oauthForm: newOAuthForm(app, reader, place, oauth, typed) };
  }
  return { form: suggestedForm(reader, place, address, firmOf(app).company, suggestion) };
}

export interface ShownForm {
  form: MailboxFormModel;
  status: number;
}

/** Asks the servers; nothing is stored. */
export async function testTyped(
  app: App,
  actor: Actor,
  reader: Reader,
  place: FormPlace,
  values: Values,
  mailbox?: MailboxRow,
): Promise<ShownForm> {
  const form = readMailboxForm(app, actor, values, mailbox);
  if (!form.ok) return { form: returnedForm(app, actor, reader, place, form, mailbox), status: 422 };
  const test = await testMailbox(app, actor, form.value);
  if (test === 'too-many') {
    const errors = { form: 'mail.test.tooMany' };
    return { form: returnedForm(app, actor, reader, place, { values, errors }, mailbox), status: 429 };
  }
  return {
    form: returnedForm(app, actor, reader, place, { values, tested: { input: form.value, test } }, mailbox),
    status: 200,
  };
}

export async function saveTyped(
  app: App,
  actor: Actor,
  reader: Reader,
  place: FormPlace,
  values: Values,
  mailbox?: MailboxRow,
): Promise<ShownForm | { saved: MailboxRow }> {
  const form = readMailboxForm(app, actor, values, mailbox);
  if (!form.ok) return { form: returnedForm(app, actor, reader, place, form, mailbox), status: 422 };
  if (isAddressTaken(app, form.value.address, mailbox)) {
    const errors = { address: 'mail.address.taken' };
    return { form: returnedForm(app, actor, reader, place, { values, errors }, mailbox), status: 422 };
  }
  return { saved: await app.write(() => saveMailbox(app, actor, form.value, mailbox)) };
}
