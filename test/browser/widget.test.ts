// The widget on websites: what it leaves alone, whom it listens to, how it looks and how it is used.
import type { Page } from 'playwright-core';
import { axeFinds, resize, tooWide } from '../support/browser';
import { answers, asks, inside, launcher, said, state, useChatWindows } from '../support/chat-windows';

jest.setTimeout(60_000);

const chats = useChatWindows();

test('C3: the loader is inert when it is loaded twice, and a policy without inline styles or scripts is enough', async () => {
  const page = await chats.open((await chats.shop({ times: 3 })).url);
  await page.goto('/');
  await launcher(page).waitFor();

  expect(await page.getByRole('button').count()).toBe(1);
  expect(await page.evaluate(() => document.querySelectorAll('[style]').length)).toBe(1);
});

test('AC-55: a website that is not on the list gets no chat, whatever it says to the frame', async () => {
  chats.allowed = /frame-ancestors|ERR_BLOCKED_BY_RESPONSE/;
  const page = await chats.open((await chats.shop({ isListed: false })).url);
  await page.goto('/');
  await launcher(page).click();
  await page.locator('iframe').waitFor();
  await expect(inside(page).getByLabel('Your name').waitFor({ timeout: 1_000 })).rejects.toThrow();
});

test('AC-55: the frame listens to the page around it only, and the page to its frame only', async () => {
  const { page, chat } = await chats.visit(await chats.shop());
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
  const teapot = await chats.shop({
    more: { name: poison, greeting: poison, privacyNotice: poison, colour: '#00ff00' },
  });
  const page = await chats.open(teapot.url);
  await page.goto('/');
  await page.getByRole('button').click();
  const chat = inside(page);
  await asks(chat, `${poison} javascript:alert(1) https://x.example/"onclick=alert(1)`, poison);
  const desk = await chats.sitsDown();
  await desk.goto('/chats');
  await desk.getByRole('link', { name: /img src=x/ }).click();
  await answers(desk, poison);
  await chat.locator('.said:not(.said--mine)', { hasText: 'img src=x' }).waitFor();

  expect(await chat.locator('img').count()).toBe(0);
  expect(await page.locator('img').count()).toBe(0);
  expect(await chat.getByRole('link').getAttribute('href')).toBe('https://x.example/');
});

test('keyboard alone: the button opens, the first field has the focus, Escape gives it back', async () => {
  const page = await chats.open((await chats.shop()).url);
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
  const { page, chat } = await chats.visit(await chats.shop());
  await asks(chat, 'Call me when it is there');
  await launcher(page).click();
  const desk = await chats.sitsDown();
  await desk.goto('/chats');
  await desk.getByRole('button', { name: 'Take the chat' }).click();
  for (const words of ['It has come', 'Since this morning']) {
    await answers(desk, words);
    await desk.locator('.message', { hasText: words }).waitFor();
  }

  await page.getByRole('button', { name: 'Chat with Teapot. New messages: 2' }).click();
  await said(chat, 'Since this morning').waitFor();
  await page.getByRole('button', { name: 'Chat with Teapot', exact: true }).waitFor();
});

test('the newest words stay in sight while a long message is written, and when the chat is opened; whoever reads further up stays', async () => {
  const { page, chat } = await chats.visit(await chats.shop());
  const inSight = (words: string) =>
    page.frames()[1]!.waitForFunction((text) => {
      const log = document.getElementById('log')!.getBoundingClientRect();
      const said = [...document.querySelectorAll('.said')].find((one) => one.textContent?.includes(text));
      return said !== undefined && said.getBoundingClientRect().bottom <= log.bottom + 1;
    }, words);
  await asks(chat, 'A long story\n'.repeat(30));
  const desk = await chats.sitsDown();
  await desk.goto('/chats');
  await desk.getByRole('button', { name: 'Take the chat' }).click();
  await chat.getByLabel('Your message').fill('One\nTwo\nThree\nFour\nFive\nSix\nSeven');
  await answers(desk, 'While it is written');
  await inSight('While it is written');

  await launcher(page).click();
  await answers(desk, 'While it was shut\n'.repeat(10));
  await page.getByRole('button', { name: 'New messages: 1' }).click();
  await inSight('While it was shut');

  await chat.getByRole('log').evaluate(async (log) => {
    const drawn = () => new Promise(requestAnimationFrame);
    await drawn();
    log.scrollTop = 0;
    await drawn();
    await drawn();
  });
  await answers(desk, 'Not seen yet');
  await said(chat, 'Not seen yet').waitFor();
  expect(await chat.getByRole('log').evaluate((log) => log.scrollTop)).toBe(0);
});

test('on a phone the chat is the whole screen, and has its own way out', async () => {
  const { page, chat } = await chats.visit(await chats.shop(), { viewport: { width: 390, height: 780 } });
  await chat.getByLabel('Your name').waitFor();

  expect(await page.locator('iframe').boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 780 });
  await chat.getByRole('button', { name: 'Close the chat' }).click();
  await launcher(page).waitFor();
});

test.each(['light', 'dark'] as const)(
  'axe finds nothing in the widget and on the desk’s pages about chats, %s',
  async (colorScheme) => {
    const teapot = await chats.shop();
    const { chat, page } = await chats.visit(teapot, { colorScheme });
    await chat.getByLabel('Your name').waitFor();
    expect(await axeFinds(page.frames()[1] as unknown as Page)).toEqual([]);
    await asks(chat, `A long word ${'x'.repeat(400)}`);
    await state(chat, 'Sent').waitFor();
    expect(await axeFinds(page.frames()[1] as unknown as Page)).toEqual([]);
    expect(await tooWide(page.frames()[1] as unknown as Page)).toEqual([]);

    const desk = await chats.sitsDown(chats.house.owner, { colorScheme });
    for (const width of [1440, 1024, 390]) {
      await resize(desk, width);
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
  const desk = await chats.sitsDown(chats.house.owner);
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
