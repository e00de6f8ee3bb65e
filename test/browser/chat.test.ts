// The chat as visitors and agents live it: a website with a strict policy on another origin, the widget, the desk.
import type { Browser, FrameLocator, Page } from 'playwright-core';
import type { Agent } from '../../server/agents';
import {
  axeFinds,
  openBrowser,
  openWindow,
  tooWide,
  type Window,
  type WindowOptions,
} from '../support/browser';
import { type House, openHouse } from '../support/serving';
import { openShop, type Shop, type ShopOptions } from '../support/shop';

jest.setTimeout(60_000);

let browser: Browser;
let house: House;
let ana: Agent;
const windows: Window[] = [];
const shops: Shop[] = [];
/** What may go wrong in a test that breaks things on purpose. */
let allowed: RegExp | undefined;

beforeAll(async () => {
  browser = await openBrowser();
  house = await openHouse();
  ana = house.agent('Ana Bērziņa');
}, 60_000);
afterAll(async () => {
  await browser.close();
  await house.remove();
});
afterEach(async () => {
  const troubles = windows.flatMap((window) => window.troubles).filter((trouble) => !allowed?.test(trouble));
  allowed = undefined;
  for (const window of windows.splice(0)) await window.close();
  for (const shop of shops.splice(0)) await shop.close();
  house.serving.app.db.tx(() => house.serving.app.db.sql.exec("UPDATE chats SET state = 'ended'"));
  expect(troubles).toEqual([]);
});

async function shop(options: ShopOptions = {}): Promise<Shop> {
  const opened = await openShop(house, options);
  shops.push(opened);
  return opened;
}

async function open(base: string, options: WindowOptions = {}): Promise<Page> {
  const opened = await openWindow(browser, base, {
    alsoAsks: [house.url],
    viewport: { width: 1000, height: 760 },
    ...options,
  });
  windows.push(opened);
  return opened.page;
}

const launcher = (page: Page) => page.getByRole('button', { name: 'Chat with Teapot' });
const inside = (page: Page): FrameLocator => page.frameLocator('iframe');

async function visit(where: Shop, options: WindowOptions = {}): Promise<{ page: Page; chat: FrameLocator }> {
  const page = await open(where.url, options);
  await page.goto('/');
  await launcher(page).click();
  return { page, chat: inside(page) };
}

async function asks(chat: FrameLocator, words: string, name = 'Carla'): Promise<void> {
  await chat.getByLabel('Your name').fill(name);
  await chat.getByLabel('Your question').fill(words);
  await chat.getByRole('button', { name: 'Start the chat' }).click();
  await said(chat, words).waitFor();
}

const said = (chat: FrameLocator, words: string) => chat.locator('.said', { hasText: words });
const state = (chat: FrameLocator, words: string) => chat.locator('.said__state', { hasText: words });

async function writes(chat: FrameLocator, words: string): Promise<void> {
  await chat.getByLabel('Your message').fill(words);
  await chat.getByLabel('Your message').press('Enter');
}

async function sitsDown(): Promise<Page> {
  const page = await open(house.url, { viewport: { width: 1440, height: 900 } });
  const cookies = [...house.signIn(ana)].map(([name, value]) => ({ name, value, url: house.url }));
  await page.context().addCookies(cookies);
  return page;
}

test('a visitor asks, the agent takes it, they write back and forth with typing and seen shown, and a reload loses nothing', async () => {
  const teapot = await shop();
  const desk = await sitsDown();
  await desk.goto('/chats');
  const { page, chat } = await visit(teapot);
  await asks(chat, 'Is the blue one there before Friday?');
  await chat.getByText('Waiting for somebody to answer').waitFor();

  await desk.getByRole('heading', { name: 'Waiting (1)' }).waitFor();
  expect(await desk.title()).toMatch(/^● Chats/);
  await desk.getByRole('button', { name: 'Take the chat' }).click();
  await chat.getByRole('heading', { name: 'Ana from Teapot' }).waitFor();
  await state(chat, 'Seen').waitFor();

  await desk.getByLabel('Your reply').fill('Good morning! Yes, if');
  await chat.getByText('Ana is writing…').waitFor();
  await desk
    .getByLabel('Your reply')
    .fill('Good morning! Yes, if you order today: https://teapot.example/blue.');
  await desk.getByRole('button', { name: 'Send', exact: true }).click();
  await said(chat, 'Good morning!').waitFor();
  expect(await chat.getByRole('link', { name: 'https://teapot.example/blue' }).getAttribute('rel')).toContain(
    'noopener',
  );
  await desk.getByText('Seen by the visitor').waitFor();

  await chat.getByLabel('Your message').pressSequentially('Please');
  await desk.getByText('The visitor is writing…').waitFor();
  await writes(chat, 'Please do');
  await desk.locator('.message', { hasText: 'Please do' }).waitFor();
  await state(chat, 'Seen').waitFor();

  await page.reload();
  await launcher(page).click();
  for (const words of ['Is the blue one', 'Good morning!', 'Please do']) await said(chat, words).waitFor();
  expect(await chat.locator('.said').count()).toBe(3);

  await desk.getByRole('button', { name: 'End the chat' }).click();
  await chat.getByText('The conversation has ended.').waitFor();
  expect(await desk.title()).not.toMatch(/^●/);
});

test('C2: the server stops and starts in the middle of a chat; nothing is lost and nobody reloads', async () => {
  allowed = /ERR_CONNECTION_REFUSED|WebSocket|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|502/;
  const { chat } = await visit(await shop());
  await asks(chat, 'Before the restart');
  const desk = await sitsDown();
  await desk.goto('/tickets');
  await desk.locator('.row', { hasText: 'Carla' }).first().click();
  await desk.getByLabel('Your reply').waitFor();

  await house.stop();
  await writes(chat, 'While it was away');
  await chat.locator('.said__state', { hasText: /Sending|Not sent yet/ }).waitFor();
  await chat.getByText('No connection. Trying again').waitFor();
  await house.start();

  await state(chat, 'Sent').or(state(chat, 'Seen')).waitFor();
  await writes(chat, 'And after it');
  await desk.locator('.message', { hasText: 'And after it' }).waitFor();
  await chat.getByText('No connection. Trying again').waitFor({ state: 'hidden' });

  const words = await chat.locator('.said').allInnerTexts();
  expect(words.map((text) => text.split('\n').at(-1))).toEqual([
    'Before the restart',
    'While it was away',
    'And after it',
  ]);
  const stored = house.serving.app.db.sql
    .prepare("SELECT words FROM messages WHERE words IN ('While it was away', 'And after it')")
    .all();
  expect(stored).toHaveLength(2);
});

test('C3: the loader is inert when it is loaded twice, and a policy without inline styles or scripts is enough', async () => {
  const page = await open((await shop({ times: 3 })).url);
  await page.goto('/');
  await launcher(page).waitFor();

  expect(await page.getByRole('button').count()).toBe(1);
  expect(await page.evaluate(() => document.body.querySelectorAll('[style]').length)).toBe(1);
});

test.each([
  ['its local storage', '127.0.0.1'],
  ['a partitioned cookie, where the browser refuses storage to frames of other sites', 'localhost'],
] as const)(
  'C4: nothing is stored before something is said; then one entry in %s, gone when the visitor ends it',
  async (_where, host) => {
    const { page, chat } = await visit(await shop({ host }));
    await chat.getByLabel('Your name').waitFor();
    const frame = page.frames()[1]!;
    const entry = /^hearthdesk-chat-[0-9a-f]{32}$/;
    expect(await entriesOf(page)).toEqual([]);

    await asks(chat, 'What do you keep?');
    expect(await entriesOf(page)).toEqual([expect.stringMatching(entry)]);
    expect(await frame.evaluate(async () => (await indexedDB.databases().catch(() => [])).length)).toBe(0);
    await page.reload();
    await launcher(page).click();
    await said(chat, 'What do you keep?').waitFor();
    expect(await entriesOf(page)).toEqual([expect.stringMatching(entry)]);

    await chat.getByRole('button', { name: 'End the chat' }).click();
    await chat.getByText('This browser has forgotten it.').waitFor();
    expect(await entriesOf(page)).toEqual([]);
    await chat.getByRole('button', { name: 'Start a new chat' }).click();
    await chat.getByLabel('Your name').waitFor();
  },
);

/** Names of everything stored, by the page, its frames, or as a cookie of anybody. */
async function entriesOf(page: Page): Promise<string[]> {
  const read = () => {
    const of = (storage: 'localStorage' | 'sessionStorage') => {
      try {
        return Object.keys(window[storage]);
      } catch {
        return [];
      }
    };
    return [...of('localStorage'), ...of('sessionStorage')];
  };
  const stored = await Promise.all(page.frames().map((frame) => frame.evaluate(read)));
  const cookies = (await page.context().cookies()).map(({ name }) => name);
  return [...stored.flat(), ...cookies];
}

test('C5: with websockets blocked it works by long polling', async () => {
  allowed = /WebSocket/;
  const teapot = await shop();
  const page = await open(teapot.url);
  await page.routeWebSocket(/socket\.io/, (socket) => socket.close());
  await page.goto('/');
  await launcher(page).click();
  await asks(inside(page), 'Through the proxy');
  const desk = await sitsDown();
  await desk.goto('/chats');
  await desk.getByRole('button', { name: 'Take the chat' }).click();
  await desk.getByLabel('Your reply').fill('I hear you');
  await desk.getByRole('button', { name: 'Send', exact: true }).click();

  await said(inside(page), 'I hear you').waitFor();
});

test('C5: with the line blocked altogether the widget offers the plain page, which goes on with the same conversation', async () => {
  allowed = /WebSocket|ERR_FAILED|ERR_BLOCKED|ERR_ABORTED/;
  const { page, chat } = await visit(await shop());
  await asks(chat, 'Before the line broke');
  await page.routeWebSocket(/socket\.io/, (socket) => socket.close());
  await page.route('**/socket.io/**', (route) => route.abort());
  await page.reload();
  await launcher(page).click();

  const opens = page.context().waitForEvent('page');
  await chat.getByRole('button', { name: 'Use the simple page instead' }).click();
  const plain = await opens;

  await plain.getByText('Before the line broke').waitFor();
  await plain.getByLabel('Your message').fill('And on the plain page');
  await plain.getByRole('button', { name: 'Send' }).click();
  await plain.getByText('And on the plain page').waitFor();
  expect(await axeFinds(plain)).toEqual([]);
});

test('C5: without any script the plain page does it all', async () => {
  const { site } = await shop();
  const page = await open(house.url, { javaScriptEnabled: false });
  await page.goto(`/chat/${site.public_id}`);
  await page.getByLabel('Your name').fill('Nora');
  await page.getByLabel('Your question').fill('No script here\nand two lines');
  await page.getByRole('button', { name: 'Start the chat' }).click();
  await page.getByText('and two lines').waitFor();

  await page.getByLabel('Your message').fill('One more');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('One more').waitFor();
  await page.getByRole('link', { name: 'Look for new messages' }).click();
  await page.getByText('One more').waitFor();
});

test('AC-55: a website that is not on the list gets no chat, whatever it says to the frame', async () => {
  allowed = /frame-ancestors|ERR_BLOCKED_BY_RESPONSE/;
  const page = await open((await shop({ isListed: false })).url);
  await page.goto('/');
  await launcher(page).click();
  await page.locator('iframe').waitFor();
  await expect(inside(page).getByLabel('Your name').waitFor({ timeout: 1_000 })).rejects.toThrow();
});

test('AC-55: the frame listens to the page around it only, and the page to its frame only', async () => {
  const { page, chat } = await visit(await shop());
  await chat.getByLabel('Your name').waitFor();
  const frame = page.frames()[1]!;

  // From the page itself to the page, as a script of somebody else in it might; and inside the frame to itself.
  await page.evaluate(() => window.postMessage({ hearthdesk: 'shut' }, '*'));
  await page.evaluate(() => window.postMessage({ hearthdesk: 'unread', count: 99, words: 'forged' }, '*'));
  await frame.evaluate(() =>
    window.postMessage(
      { hearthdesk: 'preview', name: 'Forged', colour: '#ff0000', greeting: 'Forged', notice: '' },
      '*',
    ),
  );
  await page.evaluate(() => new Promise(requestAnimationFrame));

  expect(await page.locator('iframe').isVisible()).toBe(true);
  expect(await page.getByRole('button', { name: /forged/ }).count()).toBe(0);
  await expect(chat.getByText('Forged').waitFor({ timeout: 300 })).rejects.toThrow();
});

test('AC-56: poison in settings and words stays text on the website, in the frame and on the desk', async () => {
  const poison = '<img src=x onerror=alert(1)>"\'</script>';
  const teapot = await shop({
    more: { name: poison, greeting: poison, privacyNotice: poison, colour: '#00ff00' },
  });
  const page = await open(teapot.url);
  await page.goto('/');
  await page.getByRole('button').click();
  const chat = inside(page);
  await asks(chat, `${poison} javascript:alert(1) https://x.example/"onclick=alert(1)`, poison);
  const desk = await sitsDown();
  await desk.goto('/chats');
  await desk.getByRole('link', { name: /img src=x/ }).click();
  await desk.getByLabel('Your reply').fill(poison);
  await desk.getByRole('button', { name: 'Send', exact: true }).click();
  await chat.locator('.said:not(.said--mine)', { hasText: 'img src=x' }).waitFor();

  expect(await chat.locator('img').count()).toBe(0);
  expect(await page.locator('img').count()).toBe(0);
  expect(await chat.getByRole('link').getAttribute('href')).toBe('https://x.example/');
});

test('keyboard alone: the button opens, the first field has the focus, Escape gives it back', async () => {
  const page = await open((await shop()).url);
  await page.goto('/');
  await launcher(page).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const chat = inside(page);
  await chat.locator('#ask-name:focus').waitFor();
  await page.keyboard.type('Carla');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await said(chat, 'By keyboard').waitFor();
  await chat.locator('#say-words:focus').waitFor();

  await page.keyboard.press('Escape');
  await page.locator('iframe').waitFor({ state: 'hidden' });
  expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.tagName)).toBe(
    'BUTTON',
  );
});

test('while it is shut the button counts what came, and says so aloud', async () => {
  const { page, chat } = await visit(await shop());
  await asks(chat, 'Call me when it is there');
  await launcher(page).click();
  const desk = await sitsDown();
  await desk.goto('/chats');
  await desk.getByRole('button', { name: 'Take the chat' }).click();
  for (const words of ['It has come', 'Since this morning']) {
    await desk.getByLabel('Your reply').fill(words);
    await desk.getByRole('button', { name: 'Send', exact: true }).click();
    await desk.locator('.message', { hasText: words }).waitFor();
  }

  await page.getByRole('button', { name: 'Chat with Teapot. New messages: 2' }).click();
  await said(chat, 'Since this morning').waitFor();
  await page.getByRole('button', { name: 'Chat with Teapot', exact: true }).waitFor();
});

test('on a phone the chat is the whole screen, and has its own way out', async () => {
  const { page, chat } = await visit(await shop(), { viewport: { width: 390, height: 780 } });
  await chat.getByLabel('Your name').waitFor();

  expect(await page.locator('iframe').boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 780 });
  await chat.getByRole('button', { name: 'Close the chat' }).click();
  await launcher(page).waitFor();
});

test.each(['light', 'dark'] as const)(
  'axe finds nothing in the widget and on the desk’s pages about chats, %s',
  async (colorScheme) => {
    const teapot = await shop();
    const { chat, page } = await visit(teapot, { colorScheme });
    await chat.getByLabel('Your name').waitFor();
    expect(await axeFinds(page.frames()[1] as unknown as Page)).toEqual([]);
    await asks(chat, `A long word ${'x'.repeat(400)}`);
    await state(chat, 'Sent').waitFor();
    expect(await axeFinds(page.frames()[1] as unknown as Page)).toEqual([]);
    expect(await tooWide(page.frames()[1] as unknown as Page)).toEqual([]);

    const desk = await open(house.url, { colorScheme });
    await desk
      .context()
      .addCookies([...house.signIn(house.owner)].map(([name, value]) => ({ name, value, url: house.url })));
    for (const width of [1440, 1024, 390]) {
      await desk.setViewportSize({ width, height: 900 });
      for (const path of [
        '/chats',
        '/settings/sites',
        `/settings/sites/${teapot.site.public_id}`,
        '/settings/sites/new',
        `/chat/${teapot.site.public_id}`,
      ]) {
        await desk.goto(path);
        await desk.getByRole('heading', { level: 1 }).waitFor();
        expect({ path, width, axe: await axeFinds(desk), wide: await tooWide(desk) }).toEqual({
          path,
          width,
          axe: [],
          wide: [],
        });
      }
    }
  },
);

test('what an admin types shows in the preview before it is saved', async () => {
  const desk = await open(house.url, { viewport: { width: 1440, height: 900 } });
  await desk
    .context()
    .addCookies([...house.signIn(house.owner)].map(([name, value]) => ({ name, value, url: house.url })));
  await desk.goto('/settings/sites/new');
  const preview = desk.frameLocator('.site__preview iframe');
  await preview.getByText('Hello. What can we help you with?').waitFor();

  await desk.getByLabel('Greeting').fill('Good evening');
  await preview.getByText('Good evening').waitFor();
  await desk.getByLabel('Name', { exact: true }).fill('Coffee pot');
  await preview.getByRole('heading', { name: 'Coffee pot' }).waitFor();
  await desk.getByLabel('Colour').fill('#ffcc00');
  await preview
    .locator('.chat__head')
    .evaluate(
      (head) =>
        getComputedStyle(head).backgroundColor === 'rgb(255, 204, 0)' ||
        Promise.reject(new Error('other colour')),
    );
});
