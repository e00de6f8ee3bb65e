// Where mailboxes are signed in at without a password: the one table of addresses, hosts and permissions. Nobody can type others.
import type { SafeFetchOptions } from '../../lib/safe-fetch';
import type { Security } from '../mail-server';

export const OAUTH_PROVIDERS = ['microsoft', 'google'] as const;
export type OAuthProviderName = (typeof OAUTH_PROVIDERS)[number];

export const isOAuthProvider = (text: unknown): text is OAuthProviderName =>
  OAUTH_PROVIDERS.includes(text as OAuthProviderName);

export interface OAuthServer {
  host: string;
  port: number;
  security: Exclude<Security, 'none'>;
  trustedFingerprint?: string;
}

export interface OAuthProvider {
  /** As people know it. */
  title: string;
  /** Where a person is sent to sign in. `tenant`: the directory of a firm at Microsoft. */
  authorizeUrl(tenant: string): string;
  tokenUrl(tenant: string): string;
  scopes: readonly string[];
  /** Those among them without which no mail can be read or sent. */
  neededScopes: readonly string[];
  /** What else is said when somebody is sent there. */
  extra: Record<string, string>;
  /** Whoever signs in may open mailboxes besides their own. */
  hasShared: boolean;
  imap: OAuthServer;
  smtp: OAuthServer;
  /** Of accounts that belong to no firm. */
  personalSmtp?: OAuthServer;
  /** Places besides public ones on the usual ports; tests have theirs there. */
  reach?: Pick<SafeFetchOptions, 'allowedPorts' | 'allowedNetworks'>;
}

export type OAuthProviders = Record<OAuthProviderName, OAuthProvider>;

/** Every firm's directory; an application that is for one firm only wants that one's. */
const ANY_FIRM = 'organizations';

const ENTRA = 'https://login.microsoftonline.com';
const ENTRA_MAIL = [
  'https://outlook.office.com/IMAP.AccessAsUser.All',
  'https://outlook.office.com/SMTP.Send',
];
const GOOGLE_MAIL = 'https://mail.google.com/';

export const oauthProviders: OAuthProviders = {
  microsoft: {
    title: 'Microsoft',
    authorizeUrl: (tenant) => `${ENTRA}/${tenant || ANY_FIRM}/oauth2/v2.0/authorize`,
    tokenUrl: (tenant) => `${ENTRA}/${tenant || ANY_FIRM}/oauth2/v2.0/token`,
    scopes: ['openid', 'profile', 'offline_access', ...ENTRA_MAIL],
    neededScopes: ENTRA_MAIL,
    extra: {},
    hasShared: true,
    imap: { host: 'outlook.office365.com', port: 993, security: 'tls' },
    smtp: { host: 'smtp.office365.com', port: 587, security: 'starttls' },
    personalSmtp: { host: 'smtp-mail.outlook.com', port: 587, security: 'starttls' },
  },
  google: {
    title: 'Google',
    authorizeUrl: () => 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenUrl: () => 'https://oauth2.googleapis.com/token',
    scopes: ['openid', 'email', GOOGLE_MAIL],
    neededScopes: [GOOGLE_MAIL],
    // Without these two Google gives no refresh token, or only the first time somebody signs in.
    extra: { access_type: 'offline', prompt: 'consent' },
    hasShared: false,
    imap: { host: 'imap.gmail.com', port: 993, security: 'tls' },
    smtp: { host: 'smtp.gmail.com', port: 465, security: 'tls' },
  },
};
