// The story, its beginning: the link that the server printed, the wizard, and a door that stays shut afterwards.
import type { Page } from 'playwright-core';
import { axeFinds } from '../support/browser';
import { type Firm, OLGA, openNewFirm, SUPPORT } from './firm';
import { describesMailbox, signIn } from './people';
import { openWebsite, type Website } from './website';

let firm: Firm & { setupLink: string };
let website: Website;
let olga: Page;

beforeAll(async () => {
  firm = await openNewFirm();
  website = await openWebsite(firm.server.address);
  olga = (await firm.window()).page;
}, 30_000);
afterAll(async () => {
  await website.close();
  await firm.close();
});

const heading = (name: string) => olga.getByRole('heading', { level: 1, name }).waitFor();

test('without the printed link there is nothing to set up, and no address of it tells the key', async () => {
  const stranger = (await firm.window()).page;
  expect((await stranger.goto('/setup'))?.status()).toBe(404);
  expect((await stranger.goto('/setup?key=guess'))?.status()).toBe(404);
  await stranger.goto('/sign-in');
  await stranger.getByText('This Hearthdesk is not set up yet.').waitFor();
  await stranger.close();
});

test('the link opens the wizard; what is wrong stands at its field, and what was typed is kept', async () => {
  await olga.goto(firm.setupLink);
  expect(new URL(olga.url()).search).toBe('');
  await heading('Set up Hearthdesk');
  expect(await axeFinds(olga)).toEqual([]);
  await olga.getByLabel('Company name').fill('Teapot');
  await olga.getByLabel('Time zone').selectOption({ label: 'Oslo, Europe' });
  await olga.getByLabel('Public address').fill(firm.server.address);
  await olga.getByLabel('Name', { exact: true }).fill(OLGA.name);
  await olga.getByLabel('E-mail address').fill(OLGA.email);
  await olga.getByLabel('Password').fill('short');
  await olga.getByRole('button', { name: 'Set up' }).click();

  await olga.getByText('Use at least 10 characters.').waitFor();
  expect(await olga.getByLabel('Company name').inputValue()).toBe('Teapot');
  await olga.getByLabel('Password').fill(OLGA.password);
  await olga.getByRole('button', { name: 'Set up' }).click();
  await heading('The address customers write to');
}, 30_000);

test('a mailbox, tested with the real answers of both servers', async () => {
  await describesMailbox(olga, firm);
  expect(await axeFinds(olga)).toEqual([]);
  await olga.getByRole('button', { name: 'Add mailbox and go on' }).click();
  await heading('The website with the chat');
}, 30_000);

test('the website, with the chat as it will look while one types, and the line to copy', async () => {
  const preview = olga.frameLocator('iframe');
  await olga.getByLabel('Greeting').fill('Fancy a cup?');
  await preview.getByText('Fancy a cup?').waitFor();
  await olga.getByLabel('Address of the website').fill(website.origin);
  await olga.getByRole('button', { name: 'Add website' }).click();
  const snippet = olga.getByRole('group', { name: 'The line for your website' });
  website.carries(String(await snippet.textContent()));
  const { page: visitor } = await firm.window(website.origin, { alsoAsks: [firm.server.address] });
  await visitor.goto('/');
  await visitor.getByRole('button', { name: 'Chat with Teapot' }).click();
  await visitor.frameLocator('iframe').getByText('Fancy a cup?').waitFor();
  await visitor.close();
  await olga.getByRole('link', { name: 'Go on' }).click();
  await heading('How long to keep what customers wrote');
}, 30_000);

test('retention is explained and can be left for later; then everything stands', async () => {
  await olga.getByText('Article 5(1)(e)').waitFor();
  await olga.getByRole('link', { name: 'Skip for now' }).click();
  await heading('Hearthdesk is ready');
  await olga.getByText(`Mails to ${SUPPORT.user} become tickets.`).waitFor();
  await olga.getByText('Teapot can carry the chat.').waitFor();
  await olga.getByRole('link', { name: 'Open the inbox' }).click();
  await olga.waitForURL('**/tickets');
});

test('AC-37: once an owner exists setup is closed for ever, for the link too, and the steps are the owner’s', async () => {
  const stranger = (await firm.window()).page;
  for (const address of [firm.setupLink, '/setup']) {
    expect((await stranger.goto(address))?.status()).toBe(404);
  }
  await stranger.goto('/welcome/mailbox');
  expect(new URL(stranger.url()).pathname).toBe('/sign-in');
  await signIn(stranger, OLGA);
  await stranger.close();
});

test('nothing went wrong in anybody’s browser but for the doors that were shut', () => {
  expect(firm.troubles().filter((trouble) => !trouble.includes('status of 404'))).toEqual([]);
});
