// The key of the setup link is exchanged for a short cookie, so that it leaves the address bar and the history.
import type { RequestContext } from '../web';
import { cookieIn } from '../web';

const NAME = 'hearthdesk-setup';
const LIFE = 60 * 60 * 1_000;

interface Answering {
  req: { secure: boolean };
  cookie(name: string, value: string, options: object): unknown;
  clearCookie(name: string, options: object): unknown;
}

export const readSetupKey = (req: { headers: { cookie?: string }; context: RequestContext }): string =>
  cookieIn(req.headers.cookie, NAME) ?? '';

/** Lax, not Strict: the link may be opened from a mail or a chat, and the redirect after it has to carry the cookie. */
export function keepSetupKey(res: Answering, key: string): void {
  res.cookie(NAME, key, { ...optionsFor(res), maxAge: LIFE });
}

export function forgetSetupKey(res: Answering): void {
  res.clearCookie(NAME, optionsFor(res));
}

const optionsFor = (res: Answering) => ({
  httpOnly: true,
  sameSite: 'lax',
  secure: res.req.secure,
  path: '/setup',
});
