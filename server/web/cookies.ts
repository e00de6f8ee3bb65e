// The session cookie: `__Host-` and Secure on HTTPS, ordinary on plain HTTP in a local network.
import type { Request, Response } from 'express';
import { DAY } from '../lib/clock';

const NAME = 'hearthdesk';
const LONGEST_HEADER = 8_192;

const cookieName = (secure: boolean) => (secure ? `__Host-${NAME}` : NAME);

/** The value of a cookie in a Cookie header; of several with one name, the first. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  if (!header || header.length > LONGEST_HEADER) return undefined;
  const start = `${name}=`;
  for (const part of header.split(';')) {
    const text = part.trim();
    if (text.startsWith(start)) return text.slice(start.length);
  }
  return undefined;
}

/** For handshakes of sockets, which Express has not seen; `secure` from `cameSecurely`. */
export const sessionCookieOf = (header: string | undefined, secure: boolean): string | undefined =>
  cookieIn(header, cookieName(secure));

export const readSessionCookie = (req: Request): string | undefined =>
  sessionCookieOf(req.headers.cookie, req.secure);

/**
 * The longest that browsers keep a cookie. When a session ends is for the server to say: two weeks after the last visit,
 * and a cookie that is set once does not know of later visits.
 */
const COOKIE_LIFE = 400 * DAY;

export function setSessionCookie(res: Response, token: string): void {
  const { secure } = res.req;
  res.cookie(cookieName(secure), token, {
    httpOnly: true,
    sameSite: 'lax',
    secure,
    path: '/',
    maxAge: COOKIE_LIFE,
    encode: String,
  });
}

/** Pages that the browser has kept go too, so that its back button shows nobody what was open (ASVS 14.3.1). */
export function clearSessionCookie(res: Response): void {
  res.setHeader('Clear-Site-Data', '"cache"');
  const { secure } = res.req;
  res.clearCookie(cookieName(secure), { httpOnly: true, sameSite: 'lax', secure, path: '/' });
}
