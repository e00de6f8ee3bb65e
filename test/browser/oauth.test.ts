// A mailbox at Microsoft in a real browser: from the setup wizard through the firm's application and the sign-in to the first mail.
import type { Browser, Page } from 'playwright-core';
import type { OAuthProviders } from '../../server/mail/oauth/provider';
import { writeSetting } from '../../server/settings';
import { CLIENT } from '../support/authority';
import { faultsAtEverySize, openBrowser, openWindow, resize, tooWide } from '../support/browser';
import { type MailHouse, openMailHouse } from '../support/oauth-desk';
import { type House, openHouse } from '../support/serving';
import { until } from '../support/until';

const ADDRESS = 'support@teapot.onmicrosoft.com';

let browser: Browser;
let mails: MailHouse;
let house: House;
let page: Page;
let troubles: string[];
let close: () => Promise<void>;

beforeAll(async () => {
  [browser, mails, house] = await Promise.all([openBrowser(), openMailHouse(), openHouse()]);
  const { app } = house.serving;
  const providers: OAuthProviders = mails.providers;
  app.hooks.oauthProviders = () => providers;
  await app.write(() => writeSetting(app, 'address', { publicUrl: house.url }));
  mails.authority.redirects.push(`${house.url}/settings/mailboxes/signed-in`);
  mails.authority.accounts.set(ADDRESS, ADDRESS);
  mails.authority.accounts.set('boss@teapot.onmicrosoft.com', 'boss@teapot.onmicrosoft.com');
  const alsoAsks = [`http://127.0.0.1:${mails.authority.port}`];
  ({ page, troubles, close } = await openWindow(browser, house.url, {
    alsoAsks,
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  }));
  const cookies = [...house.signIn(house.owner)].map(([name, value]) => ({ name, value, url: house.url }));
  await page.context().addCookies(cookies);
}, 120_000);

afterAll(async () => {
  await close();
  await browser.close();
  await house.remove();
  await mails.close();
});

const looksRight = async () => expect(await faultsAtEverySize(page)).toEqual([]);
const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
const follow = (name: string) => page.getByRole('link', { name, exact: true }).first().click();

test('the wizard asks for the address alone, then which mailbox it is', async () => {
  await page.goto('/welcome/mailbox');
  await page.getByLabel('E-mail address').fill(ADDRESS);
  await press('Find the servers');
  await page.getByText('Microsoft lets programs in without a password').waitFor();
  expect(await page.getByLabel('E-mail address').inputValue()).toBe(ADDRESS);
  await looksRight();
  await press('Add mailbox and go on');
  await heading(ADDRESS);
  await page.goto('/welcome/done');
  expect(await page.textContent('main')).not.toContain(`Mails to ${ADDRESS} become tickets.`);
  await page.goBack();
  await page.getByText('Your firm has no application at Microsoft yet.').waitFor();
  await looksRight();
}, 120_000);

test('the application is registered step by step, with the exact redirect address to copy', async () => {
  await follow('Register the application');
  await heading('Your application at Microsoft');
  const address = `${house.url}/settings/mailboxes/signed-in`;
  expect(await page.getByRole('group', { name: 'Redirect address' }).textContent()).toBe(address);
  await press('Copy');
  await page.getByText('Copied').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(address);
  await page.getByText('What Microsoft says when it refuses').click();
  await page.getByText('Copy its Value, not its Secret ID.').waitFor();
  await looksRight();

  await page.getByLabel('Client ID').fill(CLIENT.clientId);
  await page.getByLabel('Directory (tenant) ID').fill('not a directory');
  await press('Save');
  await page.getByText('This names no directory.').waitFor();
  expect(await page.getByLabel('Client ID').inputValue()).toBe(CLIENT.clientId);
  await looksRight();
  await page.getByLabel('Directory (tenant) ID').fill('teapot.onmicrosoft.com');
  await page.getByLabel('Client secret').fill(CLIENT.clientSecret);
  await press('Save');
  await heading(ADDRESS);
  await page.getByText(`Your application: ${CLIENT.clientId}`).waitFor();
}, 120_000);

test('who declines, or signs in as somebody else, is told what to do, and nothing is lost', async () => {
  await follow('Sign in at Microsoft');
  await follow('Cancel');
  await page.getByText('The sign-in came to nothing; nothing was changed.').waitFor();
  await page.getByText('access_denied: The user cancelled.').waitFor();
  await looksRight();

  await follow('Sign in at Microsoft');
  await follow('Continue as boss@teapot.onmicrosoft.com');
  await page.getByText('boss@teapot.onmicrosoft.com signed in, but').waitFor();
}, 120_000);

test('who signs in comes back to a mailbox that works, tested with the real answers of both servers', async () => {
  await follow('Sign in at Microsoft');
  await follow(`Continue as ${ADDRESS}`);
  await page.getByText(`Signed in as ${ADDRESS}`).first().waitFor();
  expect(new URL(page.url()).search).toBe('?from=setup');
  await press('Test');
  await page.getByText('Both ways work.').waitFor();
  await looksRight();
  await follow('Go on with setting up');
  await heading('The website with the chat');
  await page.goto('/welcome/done');
  await page.getByText(`Mails to ${ADDRESS} become tickets.`).waitFor();

  mails.dovecot.deliver(
    ADDRESS,
    'From: Carla <carla@mail.example>\r\nSubject: Broken kettle\r\nMessage-ID: <1@mail.example>\r\n\r\nHello\r\n',
  );
  const { app } = house.serving;
  const tickets = app.db.sql.prepare("SELECT count(*) FROM tickets WHERE subject = 'Broken kettle'").pluck();
  await until('the mail is a ticket', () => tickets.get() === 1, 30_000);
  await page.goto('/settings/mailboxes');
  await page.getByText('Working').waitFor();
}, 120_000);

test('a permission that was withdrawn shows in the list, and signing in again there mends it', async () => {
  const { app } = house.serving;
  mails.authority.revoke(ADDRESS);
  app.db.sql.prepare('UPDATE mail_grants SET expires_at = 0').run();
  await app.hooks.mailboxesChanged(app);
  const problem = app.db.sql.prepare('SELECT problem FROM mail_grants').pluck();
  await until('the withdrawal is known', () => problem.get() !== null, 30_000);

  await page.goto('/settings/mailboxes');
  await page.locator('.chip').getByText('Failing').waitFor();
  await looksRight();
  await follow('Sign in again at Microsoft');
  await follow(`Continue as ${ADDRESS}`);
  await page.getByText(`Signed in as ${ADDRESS}`).first().waitFor();
  expect(problem.get()).toBeNull();
  expect(troubles).toEqual([]);
}, 120_000);

test('no page of it is wider than a phone in the languages with longer words', async () => {
  const { app } = house.serving;
  const speak = (language: string) =>
    app.write(() => app.db.sql.prepare('UPDATE agents SET language = ?').run(language));
  await resize(page, 390, 844);
  const wide: string[] = [];
  for (const language of ['nb', 'lv']) {
    await speak(language);
    const paths = [
      '/1?from=setup',
      '/1/password',
      '/applications/microsoft?mailbox=1',
      '/applications/google',
    ];
    for (const path of paths) {
      await page.goto(`/settings/mailboxes${path}`);
      expect(await page.getAttribute('html', 'lang')).toBe(language);
      for (const details of await page.locator('main summary').all()) await details.click();
      wide.push(...(await tooWide(page)).map((fault) => `${path} in ${language}: ${fault}`));
    }
  }
  expect(wide).toEqual([]);
}, 120_000);
