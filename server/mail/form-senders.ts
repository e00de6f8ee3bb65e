// Forms that write for people who filled them in: their Reply-To is believed, because an admin listed the form (M9).
import { z } from 'zod';
import type { App } from '../app';
import { type Actor, record } from '../events';
import { forgetSetting, readSetting, writeSetting } from '../settings';
import { line } from '../web';
import { addressKey, validAddress } from './addresses';

const MOST = 50;

/** Addresses parted by commas or blanks; empty for none. */
export const formSendersForm = z.strictObject({
  formSenders: line(5_000).transform((typed, context) => {
    const written = typed.split(/[\s,;]+/).filter((word) => word !== '');
    const addresses = written.map(validAddress).filter((address) => address !== undefined);
    if (addresses.length < written.length || written.length > MOST)
      context.addIssue({ code: 'custom', message: 'errors.field.email' });
    return [...new Set(addresses.map(addressKey))];
  }),
});

export const formSendersOf = (app: App): string[] => readSetting(app, 'formSenders')?.addresses ?? [];

/** Within a transaction. There is one list, so its events are about subject 1. */
export function changeFormSenders(app: App, actor: Actor, addresses: string[]): void {
  if (addresses.length > 0) writeSetting(app, 'formSenders', { addresses });
  else forgetSetting(app, 'formSenders');
  record(app, 'form-senders.changed', actor, { id: 1 });
}
