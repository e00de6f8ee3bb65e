// Security headers on every response, errors and redirects included. Computed once, set as they are.
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { Config } from '../config';

/** The policy of ordinary pages: nothing from anyone else, no inline script, nobody may frame us. */
export const PAGE_POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The policy of an attachment (AC-04): it may do nothing at all. */
export const FILE_POLICY = "sandbox; default-src 'none'";

type Header = [name: string, value: string];

/** Whether everybody reaches us over HTTPS only. */
export const isHttps = ({ publicUrl, tls }: Config): boolean =>
  publicUrl?.startsWith('https:') ?? tls !== undefined;

/** To these, and over HTTPS, browsers say with `Sec-Fetch-Site` where a request comes from. */
const OWN_MACHINE = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|$)/;

/**
 * No address of ours is told to anybody (AC-41). Elsewhere on plain HTTP the policy is `same-origin`, which tells other
 * sites no more: under `no-referrer` browsers send `Origin: null` with our own forms there, and nothing else that shows
 * whose form it is (AC-49), so nobody could sign in over a local network.
 */
export function securityHeaders(options: { https: boolean }): RequestHandler {
  const usual = headersWith('no-referrer', options);
  const onPlainHttp = headersWith('same-origin', options);
  return (req, res, next) => {
    const isVouchedFor = OWN_MACHINE.test(req.headers.host ?? '') || req.secure;
    for (const [name, value] of isVouchedFor ? usual : onPlainHttp) res.setHeader(name, value);
    next();
  };
}

/** `https`: browsers are told to stay with it. */
export function headersWith(policy: 'no-referrer' | 'same-origin', options: { https: boolean }): Header[] {
  const rest = helmet({
    contentSecurityPolicy: false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: options.https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  });
  const headers: Header[] = [];
  const collect = {
    setHeader: (name: string, value: string) => headers.push([name, value]),
    removeHeader: () => undefined,
  };
  rest({} as never, collect as never, () => undefined);
  headers.push(['Content-Security-Policy', PAGE_POLICY]);
  headers.push(['Permissions-Policy', 'camera=(), microphone=(), geolocation=(), interest-cohort=()']);
  return headers;
}
