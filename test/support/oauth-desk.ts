// A desk whose mailboxes sign in at a provider of ours, with Dovecot and an SMTP server that take its tokens and nothing else.
import { type MailboxRow, mailboxPath } from '../../server/mail';
import type { OAuthProviderName, OAuthProviders } from '../../server/mail/oauth/provider';
import { findMailboxById } from '../../server/mail/queries';
import { writeSetting } from '../../server/settings';
import { type Authority, CLIENT, providersAt, startAuthority } from './authority';
import { type Desk, openDesk } from './desk';
import { type Answer, type Doors, openDoors, type Person } from './doors';
import { type Dovecot, startDovecot } from './dovecot';
import { OAUTH_FIELDS } from './oauth-fields';
import { type Smtp, startSmtp } from './smtp';

export interface MailHouse {
  authority: Authority;
  dovecot: Dovecot;
  smtp: Smtp;
  /** The table of ours with these servers in it. */
  providers: OAuthProviders;
  close(): Promise<void>;
}

/** Servers for the tests of a file; a mailbox and whoever opens it are added where they are needed. */
export async function openMailHouse(mechanism?: 'xoauth2' | 'oauthbearer'): Promise<MailHouse> {
  const authority = await startAuthority();
  const [dovecot, smtp] = await Promise.all([
    startDovecot({ introspection: `http://127.0.0.1:${authority.port}/introspect`, mechanism }),
    startSmtp({ token: (user, token) => authority.opens(user, token) }),
  ]);
  const server = (port: number, trustedFingerprint: string) => ({
    host: '127.0.0.1',
    port,
    security: 'starttls' as const,
    trustedFingerprint,
  });
  const providers = providersAt(authority.port, {
    imap: server(dovecot.port, dovecot.certificate.fingerprint),
    smtp: server(smtp.port, smtp.certificate.fingerprint),
  });
  return {
    authority,
    dovecot,
    smtp,
    providers,
    async close() {
      await Promise.all([dovecot.remove(), smtp.stop()]);
      await authority.stop();
    },
  };
}

export interface OAuthDesk extends Desk {
  doors: Doors;
  olga: Person;
  /** Enters the firm's application at the provider. */
  enterApplication(provider?: OAuthProviderName, more?: Record<string, string>): Promise<Answer>;
  /** A mailbox that signs in there, kept by its form. */
  addMailbox(address: string, more?: Record<string, string>): Promise<MailboxRow>;
  /** Goes to the provider, signs in there, and comes back. */
  signIn(mailbox: { id: number }, account: string): Promise<Answer>;
  /** The address at the provider that somebody is sent to. */
  sentTo(mailbox: { id: number }, person?: Person): Promise<string>;
  /** Comes back to us, as the provider leads. */
  comeBack(address: string, person?: Person): Promise<Answer>;
  now(mailbox: { id: number }): MailboxRow;
}

export async function openOAuthDesk(
  { authority, providers }: MailHouse,
  options: Parameters<typeof openDesk>[0] = {},
): Promise<OAuthDesk> {
  const hooks = { oauthProviders: () => providers, ...options?.hooks };
  const desk = openDesk({ ...options, hooks });
  const doors = await openDoors(desk);
  writeSetting(desk.app, 'address', { publicUrl: doors.url });
  authority.redirects.push(`${doors.url}/settings/mailboxes/signed-in`);
  const olga = doors.as(desk.owner);
  const pathIn = (address: string) => address.slice(doors.url.length);

  const oauth: OAuthDesk = Object.assign(desk, {
    doors,
    olga,
    enterApplication: (provider: OAuthProviderName = 'microsoft', more: Record<string, string> = {}) =>
      olga.post(`/settings/mailboxes/applications/${provider}`, {
        ...CLIENT,
        ...(provider === 'microsoft' ? { tenant: 'firm.test' } : {}),
        ...more,
      }),
    async addMailbox(address: string, more: Record<string, string> = {}) {
      const kept = await olga.post('/settings/mailboxes/oauth', { ...OAUTH_FIELDS, address, ...more });
      const id = Number(kept.location?.split('/').at(-1));
      const mailbox = findMailboxById(desk.app.db, id);
      if (!mailbox || kept.location !== mailboxPath(mailbox)) throw new Error(`${kept.status} ${kept.html}`);
      return mailbox;
    },
    async sentTo(mailbox: { id: number }, person = olga) {
      const { location } = await person.get(`/settings/mailboxes/${mailbox.id}/sign-in`);
      return location ?? '';
    },
    comeBack: (address: string, person = olga) => person.get(pathIn(address)),
    async signIn(mailbox: { id: number }, account: string) {
      return oauth.comeBack(await authority.signIn(await oauth.sentTo(mailbox), account));
    },
    now: (mailbox: { id: number }) => findMailboxById(desk.app.db, mailbox.id) as MailboxRow,
  });
  const { close } = desk;
  oauth.close = async () => {
    await doors.close();
    await close();
  };
  return oauth;
}
