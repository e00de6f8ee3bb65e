// A password typed for a test goes back to the page sealed, so that it need not be typed again to be saved.
import { z } from 'zod';
import type { App } from '../app';
import type { Actor } from '../events';
import { HOUR } from '../lib/clock';
import { openNote, sealNote } from '../lib/sealed-note';

const PURPOSE = 'typed password';
const LIFE = HOUR;
const contents = z.strictObject({
  agent: z.number(),
  host: z.string(),
  user: z.string(),
  until: z.number(),
  password: z.string(),
});

interface Place {
  host: string;
  user: string;
}

/** For this agent, this server, this user name and one hour only. */
export function sealTypedPassword(app: App, actor: Actor, { host, user }: Place, password: string): string {
  const held = { agent: actor.id ?? 0, host, user, until: app.clock.now() + LIFE, password };
  return sealNote(app.key, PURPOSE, held);
}

/** Undefined for anything else than what `sealTypedPassword` gave out for just this. */
export function openTypedPassword(
  app: App,
  actor: Actor,
  { host, user }: Place,
  typed: string,
): string | undefined {
  const held = openNote(app.key, PURPOSE, contents, typed);
  const isFor =
    held?.agent === actor.id && held?.host === host && held.user === user && held.until > app.clock.now();
  return isFor ? held.password : undefined;
}
