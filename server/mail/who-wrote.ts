// Who wrote a mail, as far as its mailbox has somebody look (AC-15): asked once for each mail, when it is filed.
import type { App } from '../app';
import { domainOf } from './addresses';
import { type Authentication, anyoneSaysFailed, serverSays } from './authentication';
import { believes, knowsItsServer, noteServer } from './authserv';
import type { MailboxRow } from './mailbox';
import type { ParsedMail } from './parsed-mail';
import type { InboundMailRow } from './queries';

/** Undefined where the mailbox has nobody look. Within a transaction. */
export function authenticationOf(
  app: App,
  mailbox: MailboxRow,
  inbound: InboundMailRow,
  mail: ParsedMail,
): Authentication | undefined {
  if (mailbox.authentication === 'none') return undefined;
  if (mailbox.authentication === 'own') return ownResult(mail);
  noteServer(app, mailbox, inbound, mail.authenticationResults);
  const said = serverSays(mail.authenticationResults, mail.from?.address, (server) =>
    believes(mailbox, server),
  );
  if (said.by || knowsItsServer(mailbox)) return said;
  const server = anyoneSaysFailed(mail.authenticationResults);
  return server === undefined
    ? said
    : { verdict: 'failed', by: 'server', server, results: { dmarc: 'fail' } };
}

/** What was found is about the address that is shown: a mail may name several authors. */
function ownResult({ checked, from }: ParsedMail): Authentication {
  if (!checked) return { verdict: 'unverified' };
  const isAbout = from && checked.domain === domainOf(from.address).toLowerCase();
  return checked.verdict === 'verified' && !isAbout ? { ...checked, verdict: 'unverified' } : checked;
}
