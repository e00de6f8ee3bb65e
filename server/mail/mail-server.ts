// How a mail server is reached, and what may be told when it is not (AC-33).
import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { TLSSocket } from 'node:tls';
import { isPublicAddress } from '../lib/public-address';

/** `none` sends password and mails readable by everybody on the way. */
export type Security = 'tls' | 'starttls' | 'none';

export interface ServerSettings {
  host: string;
  port: number;
  security: Security;
  user: string;
  password: string;
  /** Signs in with this instead (XOAUTH2). */
  accessToken?: string;
  /** SHA-256 of the one certificate that is accepted although no authority vouches for it. */
  trustedFingerprint?: string;
  /** `none` goes only to this machine or network, unless somebody said so. */
  plainAnywhere?: boolean;
}

/** Milliseconds. */
export interface Patience {
  connect: number;
  greeting: number;
  /** Silence after which a connection counts as dead. */
  quiet: number;
}

export const PATIENCE: Patience = { connect: 15_000, greeting: 15_000, quiet: 120_000 };
/** When a person waits for the answer. */
export const TEST_PATIENCE: Patience = { connect: 8_000, greeting: 8_000, quiet: 15_000 };

/**
 * Why a server could not be used. `answer` holds the server's literal words, and only after it greeted as a mail
 * server; before that everything but an unknown name is one general code, so that testing a mailbox does not tell
 * which hosts and ports exist inside a network.
 */
export interface Refusal {
  ok: false;
  stage: 'settings' | 'resolve' | 'connect' | 'greeting' | 'tls' | 'sign-in' | 'folder';
  code:
    | 'plain-refused' // `none` to a host out on the internet
    | 'no-such-host'
    | 'no-mail-server' // nothing there, or nothing that greets as a mail server under this security
    | 'turned-away' // it greeted with a refusal
    | 'no-starttls'
    | 'certificate'
    | 'refused'
    | 'no-token' // it was not asked: the sign-in at the provider is missing or over, and `answer` says why
    | 'lost';
  answer?: string;
  /** Of the certificate that was refused: what an admin may compare and then trust. */
  fingerprint?: string;
}

export const refusal = (
  stage: Refusal['stage'],
  code: Refusal['code'],
  more: Partial<Refusal> = {},
): Refusal => ({
  ok: false,
  stage,
  code,
  ...more,
});

/** Thrown between the libraries and us: nothing was sent to the server that needs secrecy. */
export class CertificateRefused extends Error {
  constructor(readonly fingerprint: string | undefined) {
    super('the certificate is not trusted');
  }
}

/**
 * Passes a connection whose certificate an authority vouches for, or that is the one trusted by hand; throws
 * CertificateRefused for every other, and for a connection without TLS.
 */
export function checkCertificate(socket: unknown, trusted: string): void {
  if (!(socket instanceof TLSSocket)) throw new CertificateRefused(undefined);
  const fingerprint = socket.getPeerX509Certificate()?.fingerprint256;
  if (socket.authorized || (fingerprint && sameFingerprint(fingerprint, trusted))) return;
  throw new CertificateRefused(fingerprint);
}

const sameFingerprint = (a: string, b: string) => hex(a) === hex(b);
const hex = (fingerprint: string) => fingerprint.replace(/[^0-9a-f]/gi, '').toLowerCase();

/** The error is one of Node's or OpenSSL's about the certificate itself. */
export const isCertificateError = (code: string) =>
  /CERT|SELF_SIGNED|ISSUER|SIGNATURE|ALTNAME|CRL|_CA$|CHAIN|REVOKED|UNTRUSTED/.test(code);

export const isUnknownHost = (code: string) => /^(ENOTFOUND|EAI_\w+|ENODATA|EDNS)$/.test(code);

export const PLAIN_REFUSED = 'EPLAINREFUSED';

/** For `net.connect`: with security `none` it finds only addresses of this machine or network. */
export function lookupFor(settings: ServerSettings): LookupFunction | undefined {
  if (!mustStayNear(settings)) return undefined;
  return (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error) return done(error, '');
      if (found.some(({ address }) => isPublicAddress(address))) {
        return done(Object.assign(new Error('plain connections stay near'), { code: PLAIN_REFUSED }), '');
      }
      const [first] = found;
      if (options.all || !first) return done(null, found);
      done(null, first.address, first.family);
    });
  };
}

/** `none` to an address on the internet; names are judged when they are looked up. */
export const isPlainRefused = (settings: ServerSettings) =>
  mustStayNear(settings) && isIP(settings.host) !== 0 && isPublicAddress(settings.host);

const mustStayNear = ({ security, plainAnywhere }: ServerSettings) => security === 'none' && !plainAnywhere;

/** More of a server's words than this is no answer. */
const LONGEST_SHOWN = 1_000;

/** Servers repeat what they were told; user name, password and token stay out of what is kept and shown. */
export function withoutSecrets(answer: string, { user, password, accessToken = '' }: ServerSettings): string {
  const secrets = [accessToken, password, user].filter((secret) => secret.length > 2);
  return secrets.reduce((text, secret) => text.replaceAll(secret, '…'), answer).slice(0, LONGEST_SHOWN);
}
