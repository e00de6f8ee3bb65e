// "Saved.": what an action did, said on the page after its redirect. A short cookie carries the sentence, signed, so that
// nobody else can put words on our pages.
import type { Response } from 'express';
import { z } from 'zod';
import { keyedHash, sameSecret } from '../lib/ids';
import { cookieIn } from './cookies';

export type Said = {
  kind: 'good' | 'warn' | 'error' | 'info';
  text: string;
  /** The form that takes it back: where it is posted, and with what. */
  undo?: { action: string; fields: Record<string, string> };
};

const COOKIE = 'hearthdesk-said';
const LIFE = 60_000;
const said = z.strictObject({
  kind: z.enum(['good', 'warn', 'error', 'info']),
  text: z.string().max(500),
  undo: z.strictObject({ action: z.string(), fields: z.record(z.string(), z.string()) }).optional(),
});

const keyOf = (res: Response): Buffer => res.app.locals['key'] as Buffer;
const mark = (res: Response, body: string) => keyedHash(keyOf(res), `said ${body}`).slice(0, 32);

/** Call it before the redirect. */
export function say(res: Response, words: Said): void {
  const body = Buffer.from(JSON.stringify(words)).toString('base64url');
  const { secure } = res.req;
  res.cookie(COOKIE, `${body}.${mark(res, body)}`, {
    httpOnly: true,
    sameSite: 'lax',
    secure,
    path: '/',
    maxAge: LIFE,
  });
}

/** What was said, once. */
export function heard(res: Response): Said | undefined {
  const cookie = cookieIn(res.req.headers.cookie, COOKIE);
  if (cookie === undefined) return undefined;
  res.clearCookie(COOKIE, { path: '/' });
  const [body = '', given = ''] = cookie.split('.');
  if (!sameSecret(given, mark(res, body))) return undefined;
  return said.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
}
