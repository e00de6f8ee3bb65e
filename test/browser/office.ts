// An office: a served desk with believable tickets, agents at real browsers, customers who send real mails.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { type Agent, agentOf, findAgentById, insertAgent } from '../../server/agents';
import { openSession } from '../../server/agents/sessions';
import type { App } from '../../server/app';
import { serveHouse } from '../../server/boot';
import { readConfig } from '../../server/config';
import { fillDesk } from '../../server/demo/fill';
import { randomId } from '../../server/lib/ids';
import { openLog } from '../../server/lib/log';
import { deliver, localMailbox } from '../../server/mail';
import type { Role } from '../../server/roles';
import { setUpFirm } from '../../server/setup';
import { openBrowser, openWindow, type Window, type WindowOptions } from '../support/browser';
import { until } from '../support/until';

export interface Office {
  app: App;
  address: string;
  ana: Agent;
  ben: Agent;
  /** A window with this agent signed in. */
  sitDown(agent: Agent, options?: WindowOptions): Promise<Window>;
  /** The cookie of a new session, for asking without a browser. */
  cookieOf(agent: Agent): Promise<string>;
  /** A mail from a customer arrives, as from a local mail server, and is filed. */
  mailFrom(name: string, subject: string, words: string, headers?: Record<string, string>): Promise<void>;
  close(): Promise<void>;
}

/** `tickets` believable ones are there already. A browser that is given is shared, and left open. */
export async function openOffice(options: { tickets?: number; browser?: Browser } = {}): Promise<Office> {
  const { tickets = 0 } = options;
  const data = mkdtempSync(join(tmpdir(), 'office-'));
  const serving = await serveHouse(readConfig({ data, port: '0', host: '127.0.0.1' }), {
    log: openLog('silent'),
  });
  const { app } = serving;
  const address = `http://127.0.0.1:${serving.port}`;
  const [ana, ben] = await app.write(() => staff(app));
  if (tickets > 0) {
    await fillDesk(app, [ana, ben], { tickets, seed: 1 });
    await app.write(() => reopenMost(app));
  }
  app.followers.catchUp();
  const browser = options.browser ?? (await openBrowser());
  const cookieOf = async (agent: Agent) => {
    const visit = { shortIp: '127.0.0.0', browser: 'Chromium' };
    return `hearthdesk=${await app.write(() => openSession(app, agent, visit))}`;
  };
  return {
    app,
    address,
    ana,
    ben,
    cookieOf,
    async sitDown(agent, options) {
      const window = await openWindow(browser, address, options);
      const [name = '', value = ''] = (await cookieOf(agent)).split('=');
      await window.page.context().addCookies([{ name, value, url: address }]);
      return window;
    },
    async mailFrom(name, subject, words, headers = {}) {
      await deliver(app, {}, mail(app, { name, subject, words, headers }));
      const unfiled = app.db.sql.prepare("SELECT count(*) FROM inbound_mails WHERE state = 'stored'").pluck();
      await until('the mail to be filed', () => unfiled.get() === 0);
    },
    async close() {
      if (!options.browser) await browser.close();
      await serving.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Most of what a demo holds is done long ago; two of three are open again here, so that the inbox is not empty. */
const reopenMost = (app: App) =>
  app.db.sql
    .prepare(
      "UPDATE tickets SET status = 'open', solved_at = NULL, closed_at = NULL WHERE status IN ('solved', 'closed') AND id % 3 > 0",
    )
    .run();

function staff(app: App): [Agent, Agent] {
  const owner = { name: 'Ana Bērziņa', email: 'ana@teapot.example', passwordHash: '-' };
  const ana = setUpFirm(app, { company: 'Teapot', language: 'en', timeZone: 'Europe/Oslo', owner });
  localMailbox(app);
  return [ana, colleague(app, 'Ben Nilsen', 'agent')];
}

export function colleague(app: App, name: string, role: Role): Agent {
  const email = `${name.split(' ')[0]?.toLowerCase()}@teapot.example`;
  const id = insertAgent(
    app.db,
    randomId(),
    name,
    email,
    email,
    role,
    '-',
    'en',
    'Europe/Oslo',
    'active',
    app.clock.now(),
  );
  return agentOf(findAgentById(app.db, id) as NonNullable<ReturnType<typeof findAgentById>>);
}

function mail(
  app: App,
  {
    name,
    subject,
    words,
    headers,
  }: { name: string; subject: string; words: string; headers: Record<string, string> },
): Buffer {
  const lines = {
    From: `${name} <${name.toLowerCase().replace(/[^a-z]+/g, '.')}@mail.example>`,
    To: localMailbox(app).address,
    Subject: subject,
    'Message-ID': `<${randomBytes(8).toString('hex')}@mail.example>`,
    'Content-Type': 'text/plain; charset=utf-8',
    ...headers,
  };
  const head = Object.entries(lines).map(([key, value]) => `${key}: ${value}`);
  return Buffer.from([...head, '', words, ''].join('\r\n'));
}
