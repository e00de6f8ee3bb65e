// Who counts as the sender of a mail (M9), and what the firm's own mail server found out about them (AC-15; RFC 8601).
import type { App } from '../app';
import { addressKey, domainOf, formSendersOf, type ParsedMail } from '../mail';

/** `automatic` is undefined for mail that a person wrote, a website's form included (M9). */
export type Sender = { name: string; address: string; automatic: ParsedMail['automatic'] };

/**
 * M9: a form writes `auto-generated` mail for a person, who stands in Reply-To and counts as its sender, when it is on our own
 * website. One that an admin has listed need not say that it is a machine.
 */
export function senderOf(app: App, mail: ParsedMail): Sender | undefined {
  const [person] = mail.replyTo;
  const isListed = mail.from && formSendersOf(app).includes(addressKey(mail.from.address));
  const isForm = mail.formSender || (isListed && !mail.automatic);
  if (isForm && person && mail.from && (isListed || isOwnDomain(app, mail.from.address)))
    return { ...person, automatic: undefined };
  return mail.from && { ...mail.from, automatic: mail.automatic };
}

function isOwnDomain(app: App, address: string): boolean {
  return app.hooks.ownDomains(app).includes(domainOf(addressKey(address)));
}

/** At the beginning of a result, so that nobody's address can say it. */
const DMARC = /(?:^|;)\s*dmarc\s*=/i;
const DMARC_FAIL = /(?:^|;)\s*dmarc\s*=\s*fail\b/i;

/**
 * Whether the mail failed the policy of the domain that it says it is from. `results` are the Authentication-Results headers,
 * the newest first: the newest that speaks of DMARC is by the firm's own server, and so are others by the same one. What
 * servers on the way, or the sender, wrote beneath is not believed. Unknown is not failure; a forged pass gains nothing,
 * because only failure is looked for (M7).
 */
export function failsDmarc(results: string[]): boolean {
  const spoken = results.filter((result) => DMARC.test(result));
  const [newest] = spoken;
  if (newest === undefined) return false;
  return spoken.some((result) => serverOf(result) === serverOf(newest) && DMARC_FAIL.test(result));
}

/** "mx.example.com 1; spf=pass" is by mx.example.com; Microsoft's servers leave their name out. */
function serverOf(result: string): string {
  const [first = ''] = result.trim().split(/[\s;]/, 1);
  return first.includes('=') ? '' : first.toLowerCase();
}
