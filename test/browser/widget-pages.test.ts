// The widget on a website of many pages and windows: the conversation goes along, and nothing that was typed is lost.
import type { Page } from 'playwright-core';
import { findTicketById, moveTicket, type Ticket } from '../../server/tickets';
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
import { until } from '../support/until';

jest.setTimeout(60_000);

const chats = useChatWindows();

const newestTicket = () =>
  chats.house.serving.app.db.sql.prepare('SELECT * FROM tickets ORDER BY id DESC LIMIT 1').get() as Ticket;
const goneAt = (ticket: Ticket) =>
  (
    chats.house.serving.app.db.sql
      .prepare('SELECT visitor_gone_at AS at FROM chats WHERE ticket_id = ?')
      .get(ticket.id) as { at: number | null }
  ).at;
const close = (ticket: Ticket) => {
  const { app } = chats.house.serving;
  app.db.tx(() => moveTicket(app, chats.house.owner, findTicketById(app.db, ticket.id) as Ticket, 'closed'));
};

/** The desk takes its time with whatever is written, until it is let go. */
function holdWrites(): () => void {
  const { app } = chats.house.serving;
  const { write } = app;
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  app.write = async (work) => {
    await held;
    return write(work);
  };
  return () => {
    app.write = write;
    letGo();
  };
}

/** As Turbo and its kind do on each click: a new body in the place of the old one, its scripts run again. */
const changesPage = (page: Page) =>
  page.evaluate(() => {
    const body = document.body.cloneNode(true) as HTMLBodyElement;
    for (const script of body.querySelectorAll('script')) {
      const again = document.createElement('script');
      for (const { name, value } of script.attributes) again.setAttribute(name, value);
      script.replaceWith(again);
    }
    document.body.replaceWith(body);
  });

test('C3: on a website that changes its pages by script there is one button, and an open chat stays as it is', async () => {
  const page = await chats.open((await chats.shop()).url);
  await page.goto('/');
  await launcher(page).waitFor();
  await changesPage(page);
  await launcher(page).click();
  await asks(inside(page), 'Do you have it in blue?');
  await inside(page).getByLabel('Your message').fill('Half a');

  await changesPage(page);

  await said(inside(page), 'Do you have it in blue?').waitFor();
  expect(await inside(page).getByLabel('Your message').inputValue()).toBe('Half a');
  expect(await page.getByRole('button').count()).toBe(1);
});

test('C4: a visitor who never asked anything has nothing stored and no chat loaded on any page', async () => {
  const page = await chats.open((await chats.shop()).url);
  const asked: string[] = [];
  page.on('requestfinished', (request) => asked.push(new URL(request.url()).pathname));
  for (const path of ['/', '/kettles']) {
    await page.goto(path);
    await launcher(page).waitFor();
    await until('it was asked whether there is a conversation', () =>
      asked.some((one) => /recall-/.test(one)),
    );
    await page.locator('iframe').waitFor({ state: 'detached' });
  }

  expect(asked.filter((one) => one === '/widget/frame' || one.startsWith('/socket.io'))).toEqual([]);
  expect(await page.context().cookies()).toEqual([]);
});

test('a visitor who goes on to another page is still there, and the button says what comes meanwhile', async () => {
  const teapot = await chats.shop();
  const { page, chat } = await chats.visit(teapot);
  await asks(chat, 'Where do I find the blue ones?');
  const desk = await chats.sitsDown();
  await desk.goto('/chats');
  await desk.getByRole('button', { name: 'Take the chat' }).click();
  await answers(desk, 'On this page: https://teapot.example/blue');
  await said(chat, 'On this page').waitFor();
  await launcher(page).click();

  await page.goto('/blue');
  await until('the widget is back', () => goneAt(newestTicket()) === null);
  await answers(desk, 'Found it?');
  await page.getByRole('button', { name: 'Chat with Teapot. New messages: 1' }).click();

  await said(chat, 'Where do I find the blue ones?').waitFor();
  await said(chat, 'Found it?').waitFor();
  expect(await page.locator('iframe').count()).toBe(1);
});

test('an open chat is open on the next page too, without taking the focus; what was shut stays shut', async () => {
  const { page, chat } = await chats.visit(await chats.shop());
  await asks(chat, 'Where do I find the blue ones?');

  await page.goto('/blue');
  await said(chat, 'Where do I find the blue ones?').waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
  await launcher(page).click();
  await said(chat, 'Where do I find the blue ones?').waitFor({ state: 'hidden' });

  await page.goto('/');
  await until('the widget is back', () => goneAt(newestTicket()) === null);
  expect(await said(chat, 'Where do I find the blue ones?').isVisible()).toBe(false);
});

const comesToTheFront = (page: Page) =>
  page.frames()[1]!.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')));

/** Where browsers refuse storage to frames of other sites it is a cookie, which is looked at when a window comes to the front. */
test.each(['localhost', '127.0.0.1'] as const)(
  'two windows of one visitor: what begins in one goes on in the other, typed words included, and ends in both (%s)',
  async (host) => {
    const teapot = await chats.shop({ host });
    const { page, chat } = await chats.visit(teapot);
    const second = await page.context().newPage();
    await second.goto('/');
    await launcher(second).click();
    await inside(second).getByLabel('Your question').fill('Typed in the second window');

    await asks(chat, 'Asked in the first');
    await comesToTheFront(second);

    await said(inside(second), 'Asked in the first').waitFor();
    expect(await inside(second).getByLabel('Your message').inputValue()).toBe('Typed in the second window');
    await inside(second).getByRole('button', { name: 'Send' }).click();
    await said(chat, 'Typed in the second window').waitFor();

    await chat.getByRole('button', { name: 'End the chat' }).click();
    await chat.getByText('This browser has forgotten it.').waitFor();
    await comesToTheFront(second);
    await inside(second).getByText('This browser has forgotten it.').waitFor();
    await until('nobody is there any more', () => goneAt(newestTicket()) !== null);
  },
);

test('what was sent and typed while a chat was being closed is kept for a new one', async () => {
  const { chat } = await chats.visit(await chats.shop());
  await asks(chat, 'Is it dishwasher safe?');
  const letGo = holdWrites();
  await writes(chat, 'And the lid?');
  await chat.getByLabel('Your message').fill('And the handle?');
  await state(chat, 'Sending').waitFor();
  close(newestTicket());
  letGo();

  await chat.getByText('This conversation is closed.').waitFor();
  await chat.getByRole('button', { name: 'Start a new chat' }).click();
  expect(await chat.getByLabel('Your question').inputValue()).toBe('And the lid?\nAnd the handle?');
});

test('C4: when an agent has ended it the visitor can make this browser forget it, and ask anew in an empty form', async () => {
  const { page, chat } = await chats.visit(await chats.shop());
  await asks(chat, 'Nobody else shall read this');
  const desk = await chats.sitsDown();
  await desk.goto('/chats');
  await desk.getByRole('button', { name: 'Take the chat' }).click();
  await desk.getByRole('button', { name: 'End the chat' }).click();

  await chat.getByRole('button', { name: 'Start a new chat' }).click();
  await chat.getByLabel('Your question').waitFor();
  expect(await chat.getByLabel('Your question').inputValue()).toBe('');
  await page.reload();
  await launcher(page).click();
  await chat.getByLabel('Your question').waitFor();
  expect(await chat.getByText('Nobody else shall read this').count()).toBe(0);
});

test('P11: a card number is masked on the visitor’s own screen, too', async () => {
  const { chat } = await chats.visit(await chats.shop());
  await asks(chat, 'Can I pay here?');
  await writes(chat, 'It is 4111 1111 1111 1111');

  await said(chat, '•••• •••• •••• 1111').waitFor();
  expect(await chat.getByText('4111').count()).toBe(0);
});

test('a question that does not get through is kept, and the reason is not looked for in the form', async () => {
  const { chat } = await chats.visit(await chats.shop());
  const { app } = chats.house.serving;
  const write = app.write;
  app.write = () => Promise.reject(new Error('the disk is full'));
  await chat.getByLabel('Your name').fill('Carla');
  await chat.getByLabel('Your question').fill('Hello?');
  await chat.getByRole('button', { name: 'Start the chat' }).click();
  await chat.getByText('That did not get through just now.').waitFor();
  app.write = write;

  await chat.getByRole('button', { name: 'Start the chat' }).click();
  await said(chat, 'Hello?').waitFor();
});

test('C1: a start that is still on its way when a second window opens is forgotten by neither', async () => {
  const { page, chat } = await chats.visit(await chats.shop());
  const letGo = holdWrites();
  await chat.getByLabel('Your name').fill('Carla');
  await chat.getByLabel('Your question').fill('Slowly');
  await chat.getByRole('button', { name: 'Start the chat' }).click();
  const second = await page.context().newPage();
  await second.goto('/');
  await inside(second).getByLabel('Your message').waitFor();
  letGo();

  await said(chat, 'Slowly').waitFor();
  await said(inside(second), 'Slowly').waitFor();
  await page.reload();
  await said(chat, 'Slowly').waitFor();
});
