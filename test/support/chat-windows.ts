// Websites, visitors and agents in a real Chromium, with one server for all tests of a file; what goes wrong in any window
// fails the test.
import type { Browser, FrameLocator, Page } from 'playwright-core';
import type { Agent } from '../../server/agents';
import { openBrowser, openWindow, type Window, type WindowOptions } from './browser';
import { type House, openHouse } from './serving';
import { openShop, type Shop, type ShopOptions } from './shop';

export interface ChatWindows {
  house: House;
  ana: Agent;
  /** What may go wrong in a test that breaks things on purpose. */
  allowed: RegExp | undefined;
  shop(options?: ShopOptions): Promise<Shop>;
  open(base: string, options?: WindowOptions): Promise<Page>;
  /** A visitor who has opened the chat on a website. */
  visit(where: Shop, options?: WindowOptions): Promise<{ page: Page; chat: FrameLocator }>;
  /** An agent's window, signed in. */
  sitsDown(agent?: Agent, options?: WindowOptions): Promise<Page>;
}

/** How a long poll is answered that was on its way when the widget hung up to come back as somebody else. */
const HUNG_UP = /status of 400 .*\/socket\.io\/.*transport=polling.*sid=/;

export function useChatWindows(): ChatWindows {
  let browser: Browser;
  const windows: Window[] = [];
  const shops: Shop[] = [];
  const all: ChatWindows = {
    house: undefined as never,
    ana: undefined as never,
    allowed: undefined,
    async shop(options) {
      const opened = await openShop(all.house, options);
      shops.push(opened);
      return opened;
    },
    async open(base, options) {
      const asks = { alsoAsks: [all.house.url], viewport: { width: 1000, height: 760 } };
      const opened = await openWindow(browser, base, { ...asks, ...options });
      windows.push(opened);
      return opened.page;
    },
    async visit(where, options) {
      const page = await all.open(where.url, options);
      await page.goto('/');
      await launcher(page).click();
      return { page, chat: inside(page) };
    },
    async sitsDown(agent = all.ana, options = {}) {
      const page = await all.open(all.house.url, { viewport: { width: 1440, height: 900 }, ...options });
      const cookies = [...all.house.signIn(agent)].map(([name, value]) => ({
        name,
        value,
        url: all.house.url,
      }));
      await page.context().addCookies(cookies);
      return page;
    },
  };

  beforeAll(async () => {
    browser = await openBrowser();
    all.house = await openHouse();
    all.ana = all.house.agent('Ana Bērziņa');
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await all.house.remove();
  });
  afterEach(async () => {
    const { allowed } = all;
    const troubles = windows
      .flatMap((window) => window.troubles)
      .filter((trouble) => !allowed?.test(trouble) && !HUNG_UP.test(trouble));
    all.allowed = undefined;
    for (const window of windows.splice(0)) await window.close();
    for (const shop of shops.splice(0)) await shop.close();
    const { db } = all.house.serving.app;
    db.tx(() => db.sql.exec("UPDATE chats SET state = 'ended'"));
    expect(troubles).toEqual([]);
  });
  return all;
}

export const launcher = (page: Page) => page.getByRole('button', { name: 'Chat with Teapot' });
export const inside = (page: Page): FrameLocator => page.frameLocator('iframe');

export async function asks(chat: FrameLocator, words: string, name = 'Carla'): Promise<void> {
  await chat.getByLabel('Your name').fill(name);
  await chat.getByLabel('Your question').fill(words);
  await chat.getByRole('button', { name: 'Start the chat' }).click();
  await said(chat, words).waitFor();
}

export async function writes(chat: FrameLocator, words: string): Promise<void> {
  await chat.getByLabel('Your message').fill(words);
  await chat.getByLabel('Your message').press('Enter');
}

export const said = (chat: FrameLocator, words: string) => chat.locator('.said', { hasText: words });
export const state = (chat: FrameLocator, words: string) => chat.locator('.said__state', { hasText: words });

/** An agent answers from the open ticket. */
export async function answers(desk: Page, words: string): Promise<void> {
  await desk.getByLabel('Your reply').fill(words);
  await desk.getByRole('button', { name: 'Send', exact: true }).click();
}
