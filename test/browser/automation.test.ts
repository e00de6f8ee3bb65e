// Rules and automatic answers in a browser: written, tried and put in order, as LOOK asks at two widths and in the dark.
import type { Browser, Page } from 'playwright-core';
import { saveMailbox } from '../../server/mail';
import { axeFinds, faultsAtEverySize, openBrowser } from '../support/browser';
import { type Office, openOffice } from './office';

let browser: Browser;
let office: Office;

beforeAll(async () => {
  browser = await openBrowser();
  office = await openOffice({ browser });
  await office.mailFrom('Carla', 'Your invoice 17', 'Where can I pay it?');
  await office.mailFrom('Dora', 'Broken kettle', 'It does not heat any more');
}, 60_000);
afterAll(async () => {
  await office.close();
  await browser.close();
});

const names = (page: Page) => page.locator('.rule h2').allTextContents();

async function writeRule(page: Page, name: string, subject: string): Promise<void> {
  await page.goto('/settings/rules/new');
  await page.fill('#field-name', name);
  await page.click('summary:has-text("Subject")');
  await page.fill('input[name=subject]', subject);
  await page.fill('#field-doTag', name.toLowerCase());
}

test('a rule is tried, saved, moved by its buttons, and then seen at work on a ticket', async () => {
  const { page, troubles, close } = await office.sitDown(office.ana, { reducedMotion: 'reduce' });
  await page.goto('/settings/rules');
  expect(await page.textContent('main')).toContain('No rules yet');
  expect(await faultsAtEverySize(page)).toEqual([]);

  await writeRule(page, 'Invoices', 'invoice');
  expect(await faultsAtEverySize(page)).toEqual([]);
  await page.click('text=Try on the newest tickets');
  await page.waitForSelector('#tried');
  expect(await page.textContent('#tried')).toContain('#1001');
  expect(await page.textContent('#tried')).not.toContain('#1002');
  expect(await page.inputValue('input[name=subject]')).toBe('invoice');
  expect(await faultsAtEverySize(page)).toEqual([]);
  await page.click('main button.button--main');
  await page.waitForURL(/\/settings\/rules$/);
  await writeRule(page, 'Kettles', 'kettle');
  await page.click('main button.button--main');
  await page.waitForURL(/\/settings\/rules$/);
  expect(await names(page)).toEqual(['Invoices', 'Kettles']);
  expect(await faultsAtEverySize(page)).toEqual([]);

  await page.click('#rule-2 button:has-text("Move up")');
  await page.waitForFunction(() => document.querySelector('.rule h2')?.textContent === 'Kettles');
  await page.click('#rule-2 button:has-text("Switch off")');
  await page.waitForSelector('#rule-2 .chip');

  await office.mailFrom('Emil', 'Invoice 18', 'And this one?');
  await page.goto('/tickets/1003');
  await page.waitForSelector('text=Rule “Invoices” added the tag “invoices”');
  expect(await axeFinds(page)).toEqual([]);
  await page.goto('/settings/rules/1');
  expect(await page.textContent('main')).toContain('It ran once.');
  await page.click('text=Remove this rule');
  await page.waitForURL(/removal$/);
  expect(await faultsAtEverySize(page)).toEqual([]);
  expect(troubles).toEqual([]);
  await close();
}, 120_000);

test('automatic answers are set up from the mailbox’s page, with a preview and an error beside its field', async () => {
  const rest = { firstFetchDays: 0, plusAddresses: false, reopenClosed: 'days', reopenDays: 30 } as const;
  const smtp = {
    host: 'smtp.teapot.invalid',
    port: 465,
    security: 'tls',
    user: 'desk',
    password: 'x',
  } as const;
  const mailbox = await office.app.write(() =>
    saveMailbox(office.app, office.ana, {
      address: 'support@teapot.example',
      senderName: 'Teapot',
      imap: undefined,
      smtp,
      undoSeconds: 10,
      keepSent: false,
      ...rest,
    }),
  );
  const { page, troubles, close } = await office.sitDown(office.ana, { reducedMotion: 'reduce' });
  await page.goto(`/settings/mailboxes/${mailbox.id}`);
  await page.click('text=Set up automatic answers');
  await page.waitForURL(/answers$/);
  expect(await faultsAtEverySize(page)).toEqual([]);

  await page.check('#field-saysAway');
  await page.fill('#field-mon', 'mornings');
  await page.click('main button.button--main');
  await page.waitForSelector('#field-mon-error');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('field-mon');
  expect(await faultsAtEverySize(page)).toEqual([]);
  await page.fill('#field-mon', '9-12');
  await page.click('text=Preview');
  await page.waitForSelector('#preview');
  expect(await page.textContent('#preview')).toContain('We are not at work right now [#1042]');
  expect(await faultsAtEverySize(page)).toEqual([]);
  await page.click('main button.button--main');
  await page.waitForURL(/\/settings\/mailboxes\/\d+$/);
  expect(await page.textContent('main')).toContain(
    'Outside the office hours, new mails by people are told so.',
  );
  // The server that refused the first form is a fault of nobody's.
  expect(troubles.filter((trouble) => !trouble.includes('422'))).toEqual([]);
  await close();
}, 120_000);
