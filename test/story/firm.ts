// A small firm on its first day: the executable alone in an empty folder, real mail servers, a website, people at browsers.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePlace, type Place, run, type Server, serve } from '../executable/place';
import { openBrowser, openWindow, type Window, type WindowOptions } from '../support/browser';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { type Smtp, startSmtp } from '../support/smtp';

/** Where customers write to; Dovecot has the mailbox, the SMTP server asks for the same password. */
export const SUPPORT = { user: 'support@teapot.example', password: 'correct horse' };

export const OLGA = { name: 'Olga Berg', email: 'olga@teapot.example', password: 'a teapot of her own' };

/** How long anybody waits for what should be there, in ms. */
const PATIENCE = 15_000;

export interface Firm {
  place: Place;
  /** The data folder. */
  data: string;
  server: Server;
  dovecot: Dovecot;
  /** Takes what the desk sends to anybody. */
  smtp: Smtp;
  /** Somebody opens a browser of their own, at the desk unless said differently. */
  window(at?: string, options?: WindowOptions): Promise<Window>;
  /** Runs a command of the executable; its output. Throws when it fails. */
  run(options: string[], input?: Buffer): Promise<string>;
  /** Everybody who opened a window saw nothing go wrong in it. */
  troubles(): string[];
  close(): Promise<void>;
}

/** Set up by the command line, with Olga as its owner, and served. */
export async function openFirm(): Promise<Firm> {
  const place = makePlace();
  const file = join(place.folder, 'password');
  writeFileSync(file, OLGA.password, { mode: 0o644 });
  const owner = ['--owner-name', OLGA.name, '--owner-email', OLGA.email, '--owner-password-file', file];
  const set = await run(place, ['setup', '--company', 'Teapot', ...owner, '--time-zone', 'Europe/Oslo']);
  if (set.exit !== 0) throw new Error(set.errors);
  rmSync(file);
  return around(place, await serve(place));
}

/** An empty folder and the executable, which was just started and has printed its link. */
export async function openNewFirm(): Promise<Firm & { setupLink: string }> {
  const place = makePlace();
  const server = await serve(place, {}, '/setup');
  const [setupLink = ''] = /http:\S+/.exec(server.said) ?? [];
  return { ...(await around(place, server)), setupLink };
}

async function around(place: Place, server: Server): Promise<Firm> {
  const [dovecot, smtp, browser] = await Promise.all([
    startDovecot({ users: [SUPPORT] }),
    startSmtp({ auth: SUPPORT }),
    openBrowser(),
  ]);
  const windows: Window[] = [];
  return {
    place,
    data: join(place.folder, 'data'),
    server,
    dovecot,
    smtp,
    async window(at = server.address, options = {}) {
      const window = await openWindow(browser, at, options);
      window.page.setDefaultTimeout(PATIENCE);
      windows.push(window);
      return window;
    },
    async run(options, input) {
      const said = await run(place, options, {}, input);
      if (said.exit !== 0) throw new Error(`hearthdesk ${options.join(' ')}: ${said.errors}`);
      return said.output;
    },
    troubles: () => windows.flatMap(({ troubles }) => troubles),
    async close() {
      await browser.close();
      await server.stop();
      await Promise.all([dovecot.remove(), smtp.stop()]);
      place.remove();
    },
  };
}
