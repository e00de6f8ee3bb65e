// The session cookie: `__Host-` and Secure on HTTPS, ordinary on plain HTTP in a local network.
import type { Request, Response } from 'express';

const NAME = 'hearthdesk';

const cookieName = (req: Request) => (req.secure ? `__Host-${NAME}` : NAME);

export function readSessionCookie(req: Request): string | undefined {
  const header = req.headers.cookie;
  if (!header || header.length > 8_192) return undefined;
  const start = `${cookieName(req)}=`;
  for (const part of header.split(';')) {
    const text = part.trim();
    if (text.startsWith(start)) return text.slice(start.length);
  }
  return undefined;
}

/** `maxAge` in milliseconds. */
export function setSessionCookie(res: Response, token: string, maxAge: number): void {
  const { req } = res;
  res.cookie(cookieName(req), token, { httpOnly: true, sameSite: 'lax', secure: req.secure, path: '/', maxAge, encode: String });
}

export function clearSessionCookie(res: Response): void {
  res.clearCookie(cookieName(res.req), { httpOnly: true, sameSite: 'lax', secure: res.req.secure, path: '/' });
}
