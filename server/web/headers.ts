// Security headers on every response, errors and redirects included. Computed once, set as they are.
import type { RequestHandler } from 'express';
import helmet from 'helmet';

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

export function securityHeaders(options: { https: boolean }): RequestHandler {
  const rest = helmet({
    contentSecurityPolicy: false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: options.https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  });
  const headers: [string, string][] = [];
  const collect = {
    setHeader: (name: string, value: string) => headers.push([name, value]),
    removeHeader: () => undefined,
  };
  rest({} as never, collect as never, () => undefined);
  headers.push(['Content-Security-Policy', PAGE_POLICY]);
  headers.push(['Permissions-Policy', 'camera=(), microphone=(), geolocation=(), interest-cohort=()']);
  return (_req, res, next) => {
    for (const [name, value] of headers) res.setHeader(name, value);
    next();
  };
}
