// Mail providers that small firms use: where their servers are and what they want, as of November 2026.
import type { Security } from './mail-server';
import type { OAuthProviderName } from './oauth/provider';

export interface SuggestedServer {
  host: string;
  port: number;
  security: Security;
  /** Undefined when the provider gives out a name of its own, which only the customer knows. */
  user: string | undefined;
}

/** What to tell besides the servers; the texts stand in the catalogues. */
export type ProviderHint =
  | 'app-password' // the ordinary password is refused; one for programs is made at `where`
  | 'switch-on-imap' // programs are let in only after a switch at `where`
  | 'own-user-name' // the user name is not the address; it stands at `where`
  | 'bridge'; // a program of the provider has to run beside Hearthdesk

export interface Suggestion {
  source: 'table' | 'mx' | 'autoconfig' | 'srv' | 'guess';
  /** As people know it; undefined when we do not know whose servers these are. */
  provider?: string;
  imap: SuggestedServer;
  smtp: SuggestedServer;
  passwordKind: 'ordinary' | 'app-password' | 'none';
  hint?: ProviderHint;
  /** The words on the provider's own pages, in their order, parted by ›. */
  where?: string;
  /** Where it can sign in without a password; `passwordKind` none: it has to. */
  oauth?: OAuthProviderName;
}

type Endpoint = [host: string, port: number, security: Security];

interface Provider {
  name: string;
  /** Addresses of these domains belong to it. */
  domains: RegExp;
  /** Mail for domains of its customers goes to these hosts. */
  mx: RegExp;
  imap: Endpoint;
  smtp: Endpoint;
  /** A name that the provider gave, instead of the address. */
  user?: 'own';
  hint?: ProviderHint;
  where?: string;
  oauth?: OAuthProviderName;
  /** Programs are let in without a password only. */
  onlyOauth?: true;
}

const never = /^\b$/;

const GOOGLE = {
  imap: tls('imap.gmail.com', 993),
  smtp: tls('smtp.gmail.com', 465),
  hint: 'app-password',
  where: 'Google Account › Security › 2-Step Verification › App passwords',
  oauth: 'google',
} as const;
const APPLE = {
  name: 'iCloud',
  imap: tls('imap.mail.me.com', 993),
  smtp: starttls('smtp.mail.me.com', 587),
  hint: 'app-password',
  where: 'account.apple.com › Sign-In and Security › App-Specific Passwords',
} as const;

const PROVIDERS: Provider[] = [
  { name: 'Gmail', domains: /^(gmail|googlemail)\.com$/, mx: never, ...GOOGLE },
  { name: 'Google Workspace', domains: never, mx: /(^|\.)(google|googlemail)\.com$/, ...GOOGLE },
  {
    name: 'Outlook.com',
    domains:
      /^((outlook|hotmail|live)\.(com|[a-z]{2}|co\.[a-z]{2}|com\.[a-z]{2})|msn\.com|passport\.com|windowslive\.com)$/,
    mx: never,
    imap: tls('outlook.office365.com', 993),
    smtp: starttls('smtp-mail.outlook.com', 587),
    oauth: 'microsoft',
    onlyOauth: true,
  },
  {
    name: 'Microsoft 365',
    domains: /\.onmicrosoft\.com$/,
    mx: /(\.mail\.protection\.outlook\.com|\.mx\.microsoft)$/,
    imap: tls('outlook.office365.com', 993),
    smtp: starttls('smtp.office365.com', 587),
    oauth: 'microsoft',
    onlyOauth: true,
  },
  { ...APPLE, domains: /^(icloud|me|mac)\.com$/, mx: never },
  // A domain of one's own at Apple: one signs in with the Apple Account's address.
  { ...APPLE, domains: never, mx: /\.mail\.icloud\.com$/, user: 'own' },
  {
    name: 'Fastmail',
    domains: /^(fastmail\.(com|fm|co\.uk|de|se|net|org)|sent\.com|messagingengine\.com)$/,
    mx: /\.messagingengine\.com$/,
    imap: tls('imap.fastmail.com', 993),
    smtp: tls('smtp.fastmail.com', 465),
    hint: 'app-password',
    where: 'Settings › Privacy & Security › App passwords',
  },
  {
    name: 'Yahoo',
    domains: /^(yahoo\.(com|[a-z]{2}|co\.[a-z]{2}|com\.[a-z]{2})|ymail\.com|rocketmail\.com)$/,
    mx: /\.yahoodns\.net$/,
    imap: tls('imap.mail.yahoo.com', 993),
    smtp: tls('smtp.mail.yahoo.com', 465),
    hint: 'app-password',
    where: 'Account Info › Security › Generate app password',
  },
  {
    name: 'Zoho',
    domains: never,
    mx: /(^|\.)mx\d?\.zoho\.eu$/,
    imap: tls('imappro.zoho.eu', 993),
    smtp: tls('smtppro.zoho.eu', 465),
    hint: 'app-password',
    where: 'Zoho Accounts › Security › App Passwords',
  },
  {
    name: 'Zoho',
    domains: /^zoho(mail)?\.(com|eu)$/,
    mx: /(^|\.)mx\d?\.zoho\.com$/,
    imap: tls('imappro.zoho.com', 993),
    smtp: tls('smtppro.zoho.com', 465),
    hint: 'app-password',
    where: 'Zoho Accounts › Security › App Passwords',
  },
  {
    name: 'GMX',
    domains: /^gmx\.com$/,
    mx: never,
    imap: tls('imap.gmx.com', 993),
    smtp: tls('mail.gmx.com', 465),
    hint: 'switch-on-imap',
    where: 'E-mail Settings › POP3 & IMAP',
  },
  {
    name: 'GMX',
    domains: /^gmx\.(net|de|at|ch|eu|org|info|biz)$/,
    mx: /\.gmx\.net$/,
    imap: tls('imap.gmx.net', 993),
    smtp: tls('mail.gmx.net', 465),
    hint: 'switch-on-imap',
    where: 'E-Mail-Einstellungen › POP3/IMAP Abruf',
  },
  {
    name: 'WEB.DE',
    domains: /^web\.de$/,
    mx: /\.web\.de$/,
    imap: tls('imap.web.de', 993),
    smtp: tls('smtp.web.de', 465),
    hint: 'switch-on-imap',
    where: 'E-Mail-Einstellungen › POP3/IMAP Abruf',
  },
  {
    name: 'Proton',
    domains: /^(proton\.me|protonmail\.(com|ch)|pm\.me)$/,
    mx: /\.protonmail\.ch$/,
    imap: starttls('127.0.0.1', 1143),
    smtp: starttls('127.0.0.1', 1025),
    hint: 'bridge',
    where: 'Proton Mail Bridge › Mailbox details',
  },
  {
    name: 'Inbox.lv',
    domains: /^inbox\.lv$/,
    mx: /\.inbox\.lv$/,
    imap: tls('mail.inbox.lv', 993),
    smtp: tls('mail.inbox.lv', 465),
    hint: 'app-password',
    where:
      'Options › Email forwarding, mail programs, SMS alerts › Enable external POP3/IMAP and SMTP access',
  },
  {
    name: 'Domeneshop',
    domains: never,
    mx: /\.domeneshop\.no$/,
    imap: tls('imap.domeneshop.no', 993),
    smtp: starttls('smtp.domeneshop.no', 587),
    user: 'own',
    hint: 'own-user-name',
    where: 'Mine domener › Administrere epost › Vis avanserte innstillinger › Epost-brukere',
  },
  {
    name: 'one.com',
    domains: /^one\.com$/,
    mx: /\.one\.com$/,
    imap: tls('imap.one.com', 993),
    smtp: tls('send.one.com', 465),
  },
  ...['de', 'co.uk', 'com', 'fr', 'es', 'it'].map(ionos),
  {
    name: 'Loopia',
    domains: never,
    mx: /\.loopia\.se$/,
    imap: tls('mailcluster.loopia.se', 993),
    smtp: starttls('mailcluster.loopia.se', 587),
  },
  {
    name: 'Simply.com',
    domains: never,
    mx: /\.simply\.com$/,
    imap: tls('imap.simply.com', 993),
    smtp: starttls('smtp.simply.com', 587),
  },
  {
    name: 'Hostinger',
    domains: never,
    mx: /\.hostinger\.com$/,
    imap: tls('imap.hostinger.com', 993),
    smtp: tls('smtp.hostinger.com', 465),
  },
];

/** What the table knows of an address by its domain alone. */
export function suggestByDomain(address: string, domain: string): Suggestion | undefined {
  const provider = PROVIDERS.find(({ domains }) => domains.test(domain));
  return provider && asSuggestion(provider, 'table', address);
}

/** What the table knows by the hosts that take mail for the domain. */
export function suggestByMx(address: string, hosts: string[]): Suggestion | undefined {
  const names = hosts.map((host) => host.toLowerCase().replace(/\.$/, ''));
  const provider = PROVIDERS.find(({ mx }) => names.some((name) => mx.test(name)));
  return provider && asSuggestion(provider, 'mx', address);
}

/** What most web hosts do (cPanel, Plesk, DirectAdmin). */
export function guess(address: string, domain: string): Suggestion {
  const host = `mail.${domain}`;
  return {
    source: 'guess',
    imap: { host, port: 993, security: 'tls', user: address },
    smtp: { host, port: 465, security: 'tls', user: address },
    passwordKind: 'ordinary',
  };
}

function asSuggestion(provider: Provider, source: Suggestion['source'], address: string): Suggestion {
  const { name, hint, where, oauth, onlyOauth } = provider;
  const user = provider.user === 'own' ? undefined : address;
  const forPrograms = hint === 'app-password' || hint === 'bridge';
  return {
    source,
    provider: name,
    imap: server(provider.imap, user),
    smtp: server(provider.smtp, user),
    passwordKind: onlyOauth ? 'none' : forPrograms ? 'app-password' : 'ordinary',
    ...(hint ? { hint } : {}),
    ...(where ? { where } : {}),
    ...(oauth ? { oauth } : {}),
  };
}

function tls(host: string, port: number): Endpoint {
  return [host, port, 'tls'];
}

function starttls(host: string, port: number): Endpoint {
  return [host, port, 'starttls'];
}

const server = ([host, port, security]: Endpoint, user: string | undefined): SuggestedServer => ({
  host,
  port,
  security,
  user,
});

/** Each country has servers of its own; Germany's older names still stand in many domains. */
function ionos(country: string): Provider {
  const older = country === 'de' ? ['kundenserver.de', 'schlund.de'] : [];
  const names = [`ionos.${country}`, `1and1.${country}`, ...older].map((name) => name.replaceAll('.', '\\.'));
  return {
    name: 'IONOS',
    domains: never,
    mx: new RegExp(`\\.(${names.join('|')})$`),
    imap: tls(`imap.ionos.${country}`, 993),
    smtp: tls(`smtp.ionos.${country}`, 465),
  };
}
