// The story, part two: a visitor asks on the website, an agent answers live, and by mail when the visitor has gone.
import { simpleParser } from 'mailparser';
import type { FrameLocator, Page } from 'playwright-core';
import { type Firm, openFirm, SUPPORT } from './firm';
import { answerTo } from './letters';
import { connectsMailbox, finds, olgaSignsIn, openSettings } from './people';
import { openWebsite, type Website } from './website';

const VERA = { name: 'Vera Lind', email: 'vera.lind@visitor.example' };
/** How long a visitor who closed the page still counts as there, and a little. */
const GONE = 75_000;

let firm: Firm;
let website: Website;
let olga: Page;
let vera: Page;
let chat: FrameLocator;

beforeAll(async () => {
  firm = await openFirm();
  website = await openWebsite(firm.server.address);
}, 30_000);
afterAll(async () => {
  await website.close();
  await firm.close();
});

const opensChat = async () => {
  await vera.getByRole('button', { name: 'Chat with Teapot' }).click();
  chat = vera.frameLocator('iframe');
};

test('the owner adds the website, and the line it shows is all that the website needs', async () => {
  olga = await olgaSignsIn(firm);
  await connectsMailbox(olga, firm);
  await openSettings(olga, 'Websites');
  await olga.getByRole('link', { name: 'Add a website' }).click();
  await olga.getByLabel('Name').fill('Teapot');
  await olga.getByLabel('Addresses of the website').fill(website.origin);
  await olga.getByRole('button', { name: 'Save' }).click();
  const snippet = olga.getByRole('group', { name: 'For the website’s pages' });
  website.carries(String(await snippet.textContent()));
}, 60_000);

test('a visitor says who she is and asks; the agent sees the chat waiting and takes it', async () => {
  await olga.goto('/chats');
  await olga.getByText('Nobody is in a chat').waitFor();

  ({ page: vera } = await firm.window(website.origin, { alsoAsks: [firm.server.address] }));
  await vera.goto('/');
  await opensChat();
  await chat.getByLabel('Your name').fill(VERA.name);
  await chat.getByLabel('Your e-mail address').fill(VERA.email);
  await chat.getByLabel('Your question').fill('Do you ship the samovar-deluxe to Svalbard?');
  await chat.getByRole('button', { name: 'Start the chat' }).click();
  await chat.getByText('Waiting for somebody to answer').waitFor();

  await olga.getByText('Waiting (1)').waitFor();
  await olga.getByRole('button', { name: 'Take the chat' }).click();
  await olga.getByText('sees your reply at once').waitFor();
  await chat.getByText('Olga from Teapot').waitFor();
}, 30_000);

test('both write, each sees the other typing, and the words come at once', async () => {
  await olga.getByLabel('Your reply').pressSequentially('Yes, every');
  await chat.getByText('Olga is writing…').waitFor();
  await olga.getByLabel('Your reply').fill('Yes, every Thursday by boat.');
  await olga.getByRole('button', { name: 'Send', exact: true }).click();
  await chat.getByText('every Thursday by boat').waitFor();

  await chat.getByLabel('Your message').pressSequentially('Then I take');
  await olga.getByText('The visitor is writing…').waitFor();
  await chat.getByLabel('Your message').fill('Then I take two, please.');
  await chat.getByRole('button', { name: 'Send' }).click();
  await olga.locator('.message').getByText('Then I take two, please.').waitFor();
  await chat.getByText('Seen').waitFor();
}, 30_000);

test('C2: the page is loaded again, and the conversation is still there and goes on', async () => {
  await vera.reload();
  chat = vera.frameLocator('iframe');
  for (const words of ['samovar-deluxe', 'every Thursday by boat', 'Then I take two, please.']) {
    await chat.getByText(words).waitFor();
  }
  await chat.getByLabel('Your message').fill('And a strainer.');
  await chat.getByLabel('Your message').press('Enter');
  await olga.locator('.message').getByText('And a strainer.').waitFor();
}, 30_000);

test('the chat is a ticket like any other: tagged, and found by word, visitor, number and tag', async () => {
  await olga.locator('#tag').fill('shipping');
  await olga.getByRole('button', { name: 'Add', exact: true }).click();
  await olga.getByRole('button', { name: 'Remove the tag shipping' }).waitFor();
  const ticket = olga.url();
  const number = String(
    await olga
      .locator('.talk__facts')
      .getByText(/^#\d+$/)
      .textContent(),
  );
  for (const words of ['samovar-deluxe', 'Thursday boat', VERA.name, VERA.email, number, 'shipping']) {
    expect(await finds(olga, words)).toHaveLength(1);
  }
  await olga.goto(ticket);
}, 30_000);

test('C7: after the visitor has gone a reply goes out by e-mail, and the answer comes back into the same ticket', async () => {
  await vera.close();
  await olga.getByText('The visitor has left').waitFor({ timeout: GONE });
  await olga.locator('.recipients .chip').getByText(VERA.email).waitFor();
  await olga.getByLabel('Your reply').fill('The strainer is a present from us.');
  await olga.getByRole('button', { name: 'Send', exact: true }).click();

  const received = (await firm.smtp.received(1))[0]!;
  expect(received.envelope).toEqual({ from: SUPPORT.user, to: [VERA.email] });
  expect((await simpleParser(received.raw)).text).toContain('The strainer is a present from us.');
  await olga.locator('.message--agent').getByText('queued as 4F2A').waitFor();

  firm.dovecot.deliver(SUPPORT.user, await answerTo(received, VERA, 'How kind of you.'));
  await olga.locator('.message').getByText('How kind of you.').waitFor();
}, 120_000);

test('nothing went wrong in anybody’s browser on the way, and nobody else was asked for anything', () => {
  expect(firm.troubles()).toEqual([]);
});
