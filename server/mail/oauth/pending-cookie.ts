// What a sign-in was begun with waits in a short, sealed cookie that only the return address is sent.
import type { App } from '../../app';
import { keyedHash } from '../../lib/ids';
import { openNote, sealNote } from '../../lib/sealed-note';
import { cookieIn } from '../../web';
import { LIFE, type Pending, pendingShape, RETURN_PATH } from './begin';

const NAME = 'hearthdesk-mail-sign-in';
const PURPOSE = 'mail sign-in';

interface Answering {
  req: { secure: boolean };
  cookie(name: string, value: string, options: object): unknown;
  clearCookie(name: string, options: object): unknown;
}

export function keepPending(app: App, res: Answering, pending: Pending): void {
  res.cookie(NAME, sealNote(app.key, PURPOSE, pending), { ...optionsFor(res), maxAge: LIFE });
}

/** It is good once, whatever comes of it. */
export function takePending(app: App, res: Answering, cookies: string | undefined): Pending | undefined {
  const note = cookieIn(cookies, NAME);
  if (note === undefined) return undefined;
  res.clearCookie(NAME, optionsFor(res));
  return openNote(app.key, PURPOSE, pendingShape, note);
}

/** Names a session without telling its token. */
export const sessionMark = (app: App, token: string | undefined): string =>
  keyedHash(app.key, `${PURPOSE} in ${token}`);

/** Lax: the provider's page leads back here, and its redirect has to carry the cookie. */
const optionsFor = (res: Answering) => ({
  httpOnly: true,
  sameSite: 'lax',
  secure: res.req.secure,
  path: RETURN_PATH,
});
