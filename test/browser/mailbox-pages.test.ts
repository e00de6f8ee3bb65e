// The pages of a mailbox in a real browser: further addresses, folders, the switch to only reading, and what tickets show of it.
//
// HEARTHDESK_PICTURES=FOLDER keeps a picture of each, to look at.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { sealPassword } from '../../server/mail';
import { findMailboxByAddress } from '../../server/mail/queries';
import { axeFinds, openBrowser, resize, tooWide } from '../support/browser';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { until } from '../support/until';
import { type Office, openOffice } from './office';

const ADDRESS = 'support@teapot.example';
const pictures = process.env['HEARTHDESK_PICTURES'];
let browser: Browser;
let dovecot: Dovecot;
let office: Office;
let page: Page;
let troubles: string[];
let close: () => Promise<void>;
let at = '';

beforeAll(async () => {
  [browser, dovecot] = await Promise.all([
    openBrowser(),
    startDovecot({
      junkFolder: 'Junk',
      sentFolder: 'Sent',
      folders: ['Orders', 'Archive of a very long name'],
    }),
  ]);
  office = await openOffice({ browser });
  const { app } = office;
  const { port, user, password } = dovecot;
  const imap = JSON.stringify({ host: '127.0.0.1', port, security: 'none', user });
  await app.write(() =>
    app.db.sql
      .prepare(
        'INSERT INTO mailboxes (address, address_key, sender_name, imap, imap_secret, first_fetch_days, created_at) VALUES (?, ?, ?, ?, ?, 30, ?)',
      )
      .run(ADDRESS, ADDRESS, 'Teapot', imap, sealPassword(app, password), app.clock.now()),
  );
  at = `/settings/mailboxes/${findMailboxByAddress(app.db, ADDRESS)?.id}`;
  await app.hooks.mailboxesChanged(app);
  ({ page, troubles, close } = await office.sitDown(office.ana, { reducedMotion: 'reduce' }));
}, 120_000);

afterAll(async () => {
  await close();
  await office.close();
  await browser.close();
  await dovecot.remove();
});

/** As LOOK asks, at every width and in both schemes. */
async function looksRight(name: string): Promise<void> {
  const faults: string[] = [];
  for (const width of [1440, 1024, 390]) {
    await resize(page, width);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const rules = colorScheme === 'dark' ? ['color-contrast'] : undefined;
      const found = [...(await tooWide(page)), ...(await axeFinds(page, rules))];
      faults.push(...found.map((fault) => `${name} at ${width}, ${colorScheme}: ${fault}`));
      await keepPicture(`${name}-${width}-${colorScheme}`);
    }
  }
  await resize(page, 1440);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(faults).toEqual([]);
}

async function keepPicture(name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  // What is below the fold.
  const last = page.locator('section[aria-labelledby="answers-title"]');
  if ((await last.count()) === 0) return;
  await last.scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(pictures, `${name}-below.png`) });
}

test('a further address is added, refused where it is another’s, removed, and taken back', async () => {
  await page.goto(at);
  await page.fill('#field-alias', ADDRESS);
  await page.press('#field-alias', 'Enter');
  await page.waitForSelector('#field-alias-error');
  expect(await page.inputValue('#field-alias')).toBe(ADDRESS);
  // It is far down the page.
  await page.waitForFunction(() => {
    const place = document.querySelector('#field-alias-error')?.getBoundingClientRect();
    return place !== undefined && place.top >= 0 && place.bottom <= innerHeight;
  });
  await looksRight('alias-refused');

  await page.fill('#field-alias', 'sales@teapot.example');
  await page.press('#field-alias', 'Enter');
  await page.getByText('belongs to support@teapot.example from now on').waitFor();
  await page.locator('.entries').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('was removed. Its tickets are answered as').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('.entries').getByText('sales@teapot.example').waitFor();
  await looksRight('mailbox');
}, 120_000);

test('its folders are chosen of those on the server, and what comes there becomes tickets', async () => {
  await page.getByRole('link', { name: 'Choose folders' }).click();
  await page.getByLabel('Orders').check();
  await looksRight('folders');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('INBOX, the folder for junk and 1 further folder are read.').waitFor();
  const mail = (subject: string) =>
    `From: Carla <carla@mail.example>\r\nTo: sales@teapot.example\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@mail.example>\r\n\r\nHello\r\n`;
  for (const [folder, subject] of [
    ['Orders', 'Ordered'],
    ['Junk', 'Win'],
  ] as const)
    dovecot.deliver(dovecot.user, mail(subject), folder);
  await office.app.hooks.mailboxesChanged(office.app);
  await until(
    'both to be filed',
    () => office.app.db.sql.prepare('SELECT count(*) FROM tickets').pluck().get() === 2,
  );

  await page.goto('/tickets?view=spam');
  await page.getByText('Win').first().waitFor();
  expect(await page.getByText('Ordered').count()).toBe(0);
}, 120_000);

test('the switch says what it changes; the ticket says why nobody answers from here, and to which address it was written', async () => {
  await page.goto(at);
  await page.getByRole('button', { name: 'Only read from now on' }).click();
  await page.getByRole('button', { name: 'Send from here again' }).waitFor();
  await looksRight('only-read');
  await page.goto('/settings/mailboxes');
  await page.locator('.chip', { hasText: 'Only read' }).waitFor();
  await looksRight('mailboxes');

  const number = office.app.db.sql
    .prepare("SELECT number FROM tickets WHERE subject = 'Ordered'")
    .pluck()
    .get();
  await page.goto(`/tickets/${number}`);
  await page.getByText('support@teapot.example is only read here').waitFor();
  expect(await page.textContent('body')).toContain('by e-mail to sales@teapot.example');
  expect(await page.locator('form[action$="/replies"]').count()).toBe(0);
  await looksRight('only-read-ticket');
  await page.goto(`/tickets/${number}/forward`);
  await looksRight('only-read-forward');
  expect(troubles.filter((trouble) => !trouble.includes('422'))).toEqual([]);
}, 120_000);
