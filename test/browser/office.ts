// An office: a served desk with believable tickets, agents at real browsers, customers who send real mails.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
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

export interface Office {
  app: App;
  address: string;
  ana: Agent;
  ben: Agent;
  /** A page with this agent signed in; what goes wrong on it is kept in `troubles`. */
  sitDown(agent: Agent, options?: BrowserContextOptions): Promise<Place>;
  /** A mail from a customer arrives, as from a local mail server. */
  mailFrom(name: string, subject: string, words: string, headers?: Record<string, string>): Promise<void>;
  close(): Promise<void>;
}

export interface Place {
  page: Page;
  /** Errors on the console, broken policies, requests to anybody else. */
  troubles: string[];
  leave(): Promise<void>;
}

const CHROMIUM = {
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/** `tickets` believable ones are there already. */
export async function openOffice({ tickets = 0 } = {}): Promise<Office> {
  const data = mkdtempSync(join(tmpdir(), 'office-'));
  const serving = await serveHouse(readConfig({ data, port: '0', host: '127.0.0.1' }), {
    log: openLog('silent'),
  });
  const { app } = serving;
  const address = `http://127.0.0.1:${serving.port}`;
  const [ana, ben] = await app.write(() => staff(app));
  if (tickets > 0) await fillDesk(app, [ana, ben], { tickets, seed: 1 });
  app.followers.catchUp();
  const browser = await chromium.launch(CHROMIUM);
  return {
    app,
    address,
    ana,
    ben,
    sitDown: (agent, options) => sitDown({ app, address, browser }, agent, options),
    async mailFrom(name, subject, words, headers = {}) {
      await deliver(app, {}, mail(app, { name, subject, words, headers }));
    },
    async close() {
      await browser.close();
      await serving.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

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

async function sitDown(
  office: { app: App; address: string; browser: Browser },
  agent: Agent,
  options: BrowserContextOptions = {},
): Promise<Place> {
  const { app, address, browser } = office;
  const token = await app.write(() => openSession(app, agent, { shortIp: '127.0.0.0', browser: 'Chromium' }));
  const context = await browser.newContext({
    baseURL: address,
    viewport: { width: 1440, height: 900 },
    ...options,
  });
  await context.addCookies([{ name: 'hearthdesk', value: token, url: address }]);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('request', (request) => {
    const { host, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && host !== new URL(address).host)
      troubles.push(`asked ${request.url()}`);
  });
  return { page, troubles, leave: () => context.close() };
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

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on the page as it stands, one line each. */
export async function axeFinds(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> };
    };
    return (await axe.run()).violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
    );
  });
}

/** What is wider than its place: the page itself, or a part that would have to be scrolled sideways. */
export const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll<HTMLElement>('body *')]
      .filter((part) => part.clientWidth > 0 && part.scrollWidth > part.clientWidth + 1)
      .filter(
        (part) =>
          part === document.documentElement || ['auto', 'scroll'].includes(getComputedStyle(part).overflowX),
      )
      .map(
        (part) => `${part.tagName.toLowerCase()}.${part.className} ${part.scrollWidth} > ${part.clientWidth}`,
      ),
  );
