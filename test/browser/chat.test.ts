// The chat as visitors and agents live it: a website with a strict policy on another origin, the widget, the desk.
import type { Page } from 'playwright-core';
import { axeFinds } from '../support/browser';
import {
  answers,
  asks,
  inside,
  launcher,
  said,
  state,
  useChatWindows,
  writes,
} from '../support/chat-windows';

jest.setTimeout(60_000);

const chats = useChatWindows();

test('a visitor asks, the agent takes it, they write back and forth with typing and seen shown, and a reload loses nothing', async () => {
  const teapot = await chats.shop();
  const desk = await chats.sitsDown();
  await desk.goto('/chats');
  const { page, chat } = await chats.visit(teapot);
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
  for (const words of ['Is the blue one', 'Good morning!', 'Please do']) await said(chat, words).waitFor();
  expect(await chat.locator('.said').count()).toBe(3);

  await desk.getByRole('button', { name: 'End the chat' }).click();
  await chat.getByText('The conversation has ended.').waitFor();
  expect(await desk.title()).not.toMatch(/^●/);
});

test('C2: the server stops and starts in the middle of a chat; nothing is lost and nobody reloads', async () => {
  chats.allowed = /ERR_CONNECTION_REFUSED|WebSocket|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|502/;
  const { chat } = await chats.visit(await chats.shop());
  await asks(chat, 'Before the restart');
  const desk = await chats.sitsDown();
  await desk.goto('/tickets');
  await desk.locator('.row', { hasText: 'Carla' }).first().click();
  await desk.getByLabel('Your reply').waitFor();

  await chats.house.stop();
  await writes(chat, 'While it was away');
  await chat.locator('.said__state', { hasText: /Sending|Not sent yet/ }).waitFor();
  await chat.getByText('No connection. Trying again').waitFor();
  await chats.house.start();

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
  const stored = chats.house.serving.app.db.sql
    .prepare("SELECT words FROM messages WHERE words IN ('While it was away', 'And after it')")
    .all();
  expect(stored).toHaveLength(2);
});

test.each([
  ['its local storage', '127.0.0.1'],
  ['a partitioned cookie, where the browser refuses storage to frames of other sites', 'localhost'],
] as const)(
  'C4: nothing is stored before something is said; then one entry in %s, gone when the visitor ends it',
  async (_where, host) => {
    const { page, chat } = await chats.visit(await chats.shop({ host }));
    await chat.getByLabel('Your name').waitFor();
    const frame = page.frames()[1]!;
    const entry = /^hearthdesk-chat-[0-9a-f]{32}$/;
    expect(await entriesOf(page)).toEqual([]);

    await asks(chat, 'What do you keep?');
    expect(await entriesOf(page)).toEqual([expect.stringMatching(entry)]);
    expect(await frame.evaluate(async () => (await indexedDB.databases().catch(() => [])).length)).toBe(0);
    await page.reload();
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
  chats.allowed = /WebSocket/;
  const teapot = await chats.shop();
  const page = await chats.open(teapot.url);
  await page.routeWebSocket(/socket\.io/, (socket) => socket.close());
  await page.goto('/');
  await launcher(page).click();
  await asks(inside(page), 'Through the proxy');
  const desk = await chats.sitsDown();
  await desk.goto('/chats');
  await desk.getByRole('button', { name: 'Take the chat' }).click();
  await answers(desk, 'I hear you');

  await said(inside(page), 'I hear you').waitFor();
});

test('C5: with the line blocked altogether the widget offers the plain page, which goes on with the same conversation', async () => {
  chats.allowed = /WebSocket|ERR_FAILED|ERR_BLOCKED|ERR_ABORTED/;
  const { page, chat } = await chats.visit(await chats.shop());
  await asks(chat, 'Before the line broke');
  await page.routeWebSocket(/socket\.io/, (socket) => socket.close());
  await page.route('**/socket.io/**', (route) => route.abort());
  await page.reload();

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
  const { site } = await chats.shop();
  const page = await chats.open(chats.house.url, { javaScriptEnabled: false });
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
