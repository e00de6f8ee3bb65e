// A real Chromium: pages on which everything that goes wrong is kept, and what axe and a ruler find on them.
import { readFileSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

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

export const openBrowser = (more: string[] = []): Promise<Browser> =>
  chromium.launch({ ...CHROMIUM, args: [...CHROMIUM.args, ...more] });

export interface Window {
  page: Page;
  /** Dialogs, errors on the console or in scripts, broken policies, and requests to anybody but those allowed. */
  troubles: string[];
  close(): Promise<void>;
}

export interface WindowOptions extends BrowserContextOptions {
  /** Origins that may be asked besides the one that addresses are relative to. */
  alsoAsks?: string[];
}

/**
 * A window of its own, with nobody signed in. Everything that it loads is watched: frames, workers and further pages
 * included. A form that comes back with what is wrong in it (409, 422) is no trouble; the console says it all the same.
 */
export async function openWindow(
  browser: Browser,
  baseURL: string,
  options: WindowOptions = {},
): Promise<Window> {
  const { alsoAsks = [], ...rest } = options;
  const context = await browser.newContext({ baseURL, viewport: { width: 1440, height: 900 }, ...rest });
  const allowed = new Set([baseURL, ...alsoAsks].map((address) => new URL(address).origin));
  const troubles: string[] = [];
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (/^(http|ws)s?:$/.test(protocol) && !allowed.has(origin)) troubles.push(`asked ${request.url()}`);
  });
  context.on('console', (message) => {
    if (message.type() === 'error' && !/status of (409|422) /.test(message.text())) {
      troubles.push(`${message.text()} (${message.location().url})`);
    }
  });
  context.on('weberror', (error) => troubles.push(String(error.error())));
  context.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { page: await context.newPage(), troubles, close: () => context.close() };
}

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

interface Axe {
  run(options: object): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }>;
}

/** What axe finds on the page as it stands, one line for each rule that is broken; of all rules, or of these. */
export async function axeFinds(page: Page, rules?: string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const options = { resultTypes: ['violations'], ...(rules ? { runOnly: rules } : {}) };
  return page.evaluate(async (given) => {
    const { axe } = window as unknown as { axe: Axe };
    return (await axe.run(given)).violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
    );
  }, options);
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

/**
 * Gives the window another size and waits until it is drawn. Now and then a busy Chromium draws nothing more after a change of
 * size, and whatever waits for a picture (a click does) waits for ever; changing the size once more wakes it.
 */
export async function resize(page: Page, width: number, height = 900): Promise<void> {
  for (let tries = 0; ; tries++) {
    await page.setViewportSize({ width, height });
    if (await page.evaluate(isDrawn)) return;
    if (tries === 5) throw new Error(`Chromium draws nothing at ${width} x ${height}.`);
    await page.setViewportSize({ width: width + 1, height });
  }
}

/** Whether two pictures come within three seconds. */
const isDrawn = () =>
  new Promise<boolean>((done) => {
    setTimeout(() => done(false), 3_000);
    requestAnimationFrame(() => requestAnimationFrame(() => done(true)));
  });

/** What is wider than its place and what axe finds, at the three widths of LOOK, light and dark; one line each. */
export async function faultsAtEverySize(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const width of [1440, 1024, 390]) {
    await resize(page, width);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const found = [...(await tooWide(page)), ...(await axeFinds(page))];
      faults.push(...found.map((fault) => `${page.url()} at ${width}, ${colorScheme}: ${fault}`));
    }
  }
  await resize(page, 1440);
  return faults;
}
