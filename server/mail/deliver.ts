// `hearthdesk deliver`: a local mail server hands over one mail; it is safe before we say so.
import type { App } from '../app';
import { validAddress } from './addresses';
import { keepMail } from './keep-mail';
import { mailboxForDelivery } from './local-mailbox';
import { mailboxOfAddress } from './own-address';

/** sysexits.h: the mail is unusable; try again later. */
export const EX_DATAERR = 65;
export const EX_TEMPFAIL = 75;

/** Tab, line feed, carriage return, blank. */
const BLANKS = new Set([0x09, 0x0a, 0x0d, 0x20]);

/** Exit 0 once stored (a duplicate is), 65 only for empty input, 75 for what may work later. */
export async function deliver(app: App, values: Record<string, string | undefined>, raw: Buffer) {
  const result = (exit: number, error?: string, facts: Record<string, unknown> = {}) => ({
    exit,
    lines: [],
    facts,
    error,
  });
  if (!raw.some((byte) => !BLANKS.has(byte)))
    return result(EX_DATAERR, 'There was no mail on standard input.');
  const wanted = values['mailbox'];
  const address = wanted === undefined ? undefined : validAddress(wanted);
  const named = address && mailboxOfAddress(app, address);
  if (wanted !== undefined && !named)
    return result(EX_TEMPFAIL, `There is no mailbox ${wanted}; it can be added under Settings, Mailboxes.`);
  const mailbox = named || (await app.write(() => mailboxForDelivery(app, raw)));
  const kept = await keepMail(app, { mailboxId: mailbox.id, source: 'deliver', raw });
  return result(
    0,
    undefined,
    'erased' in kept
      ? { kept: false, reason: 'erased' }
      : { kept: true, id: kept.id, duplicate: kept.duplicate },
  );
}
