// Why a mail is here, where else it belongs, and whose mail is not let in: looked at, by keyboard, without script, and live.
//
// HEARTHDESK_PICTURES=FOLDER keeps a picture of each, to look at.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { saveMailbox } from '../../server/mail';
import { axeFinds, openBrowser, resize, tooWide } from '../support/browser';
import { type Office, openOffice } from './office';

jest.setTimeout(120_000);

const WIDTHS = [1440, 1024, 390];
const SCHEMES = ['light', 'dark'] as const;
const LONG_WORD = 'donaudampfschifffahrtsgesellschaft'.repeat(5).slice(0, 150);
const pictures = process.env['HEARTHDESK_PICTURES'];

let browser: Browser;
let office: Office;

beforeAll(async () => {
  browser = await openBrowser();
  office = await openOffice({ tickets: 10, browser });
  office.app.db.sql
    .prepare("UPDATE mailboxes SET authserv_id = 'mx.teapot.example', spam_by_header = 1")
    .run();
});
afterAll(async () => {
  await office.close();
  await browser.close();
});

const numberOf = (subject: string) =>
  Number(office.app.db.sql.prepare('SELECT number FROM tickets WHERE subject = ?').pluck().get(subject));
const messageOf = (words: string) =>
  Number(office.app.db.sql.prepare('SELECT id FROM messages WHERE words LIKE ?').pluck().get(`${words}%`));
const says = (results: string) => ({ 'Authentication-Results': `mx.teapot.example; ${results}` });

/** Looks at the page as it stands, at every width and in both schemes. */
async function faultsOf(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  for (const width of WIDTHS) {
    await resize(page, width, width === 390 ? 844 : 900);
    faults.push(...(await tooWide(page)).map((fault) => `${name} at ${width}: ${fault}`));
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const found = await axeFinds(page, colorScheme === 'dark' ? ['color-contrast'] : undefined);
      faults.push(...found.map((fault) => `${name} at ${width}, ${colorScheme}: ${fault}`));
      if (!pictures) continue;
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `arrival-${name}-${width}-${colorScheme}.png`) });
    }
  }
  await resize(page, 1440);
  return faults;
}

test('each kind of sender is told in words, and what lies beneath opens, in every look', async () => {
  await office.mailFrom(
    'Vera Verified',
    'Signed',
    'This is signed',
    says('dkim=pass header.d=mail.example; dmarc=pass'),
  );
  await office.mailFrom('Ulla Unknown', 'Unknown', 'This is unknown', {
    'Message-ID': `<${LONG_WORD}@mail.example>`,
  });
  await office.mailFrom('Fred Forged', 'Forged', 'This is forged', {
    'In-Reply-To': `<${LONG_WORD}@mail.example>`,
    'X-Spam-Flag': 'YES',
    ...says('spf=fail; dmarc=fail'),
  });
  const { page, troubles, close } = await office.sitDown(office.ana);
  const faults: string[] = [];
  for (const [subject, words] of [
    ['Signed', 'Sender verified'],
    ['Unknown', 'Sender not verified'],
    ['Forged', 'Sender check failed'],
  ] as const) {
    await page.goto(`/tickets/${numberOf(subject)}`);
    await page.waitForSelector(`.message__by >> text=${words}`);
    await page.click('summary >> text=Why is this message here?');
    await page.waitForSelector('a >> text=Move it elsewhere');
    faults.push(...(await faultsOf(page, `why-${subject}`)));
  }
  expect(await page.textContent('details[open] .facts')).toContain('the mail server says so');
  expect(faults).toEqual([]);
  expect(troubles).toEqual([]);
  await close();
});

test('the page that asks where a mail belongs, and the list of blocked senders, empty, full and with mistakes', async () => {
  await office.mailFrom('Petra Place', `Kettles ${LONG_WORD}`, `A word ${LONG_WORD} `.repeat(8));
  await office.mailFrom('Petra Place', 'Lids', 'Lids and spouts');
  const { page, troubles, close } = await office.sitDown(office.ana);
  const faults: string[] = [];
  await page.goto(`/tickets/${numberOf('Lids')}/messages/${messageOf('Lids and spouts')}/place`);
  faults.push(...(await faultsOf(page, 'place')));
  await page.fill('[name="ticket"]', '999999');
  await page.click('text=Move it there');
  await page.waitForSelector('text=it is not yours to see');
  expect(await page.inputValue('[name="ticket"]')).toBe('999999');
  faults.push(...(await faultsOf(page, 'place-mistake')));

  await page.goto('/settings/blocked-senders');
  faults.push(...(await faultsOf(page, 'blocked-empty')));
  await page.fill('[name="sender"]', 'nobody');
  await page.keyboard.press('Enter');
  await page.waitForSelector('text=neither an e-mail address nor a domain');
  faults.push(...(await faultsOf(page, 'blocked-mistake')));
  for (const sender of ['nuisance.example', `${'a'.repeat(60)}@${'b'.repeat(60)}.example`]) {
    await page.fill('[name="sender"]', sender);
    await page.keyboard.press('Enter');
    await page.waitForSelector(`.entries >> text=${sender}`);
  }
  await office.mailFrom('Nils Nuisance', 'Offer', 'Buy now', { From: 'n@nuisance.example' });
  await page.goto('/settings/blocked-senders');
  await page.waitForSelector('text=One mail of a blocked sender waits.');
  faults.push(...(await faultsOf(page, 'blocked')));
  await page.click('a >> text=See them');
  await page.waitForSelector('text=Its sender is blocked.');
  faults.push(...(await faultsOf(page, 'tray')));
  await page.click('text=Import it after all');
  await page.goto('/settings/blocked-senders');
  await page.click('.entries li:has-text("nuisance.example") button >> nth=0');
  await page.waitForSelector('.toast >> text=is not blocked any more');
  await page.click('.toast >> text=Undo');
  await page.waitForSelector('.entries >> text=nuisance.example');
  expect(faults).toEqual([]);
  expect(troubles).toEqual([]);
  await close();
});

test('by keyboard alone: why it is here, to a ticket of its own, and undone; a colleague’s page follows', async () => {
  await office.mailFrom('Kim Keys', 'Old thing', 'The old thing', { 'Message-ID': '<keys@mail.example>' });
  await office.mailFrom('Kim Keys', 'Re: Old thing', 'A new thing', { 'In-Reply-To': '<keys@mail.example>' });
  const number = numberOf('Old thing');
  const { page, troubles, close } = await office.sitDown(office.ana);
  const beside = await office.sitDown(office.ben);
  await beside.page.goto(`/tickets/${number}`);
  await beside.page.waitForSelector('.message >> text=A new thing');

  await page.goto(`/tickets/${number}`);
  await page.locator('summary >> text=Why is this message here?').last().focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  // "See the message" leads to the one that it answers; the next is where to move it.
  expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('See the message');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector('h1 >> text=Where does this message belong?');
  await page.locator('[name="subject"]').focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('The new thing');
  await page.keyboard.press('Enter');
  await page.waitForSelector('h1 >> text=The new thing');
  await page.waitForSelector('.message >> text=A new thing');
  await page.waitForSelector(`.talk__facts >> text=messages came from #${number}`);
  await beside.page.waitForSelector(`.talk__facts >> text=messages went to #${numberOf('The new thing')}`);
  await beside.page.waitForSelector('.line >> text=moved a message by Kim Keys to another ticket');
  expect(await beside.page.locator('.message >> text=A new thing').count()).toBe(0);
  expect(await tooWide(page)).toEqual([]);
  expect(await axeFinds(page)).toEqual([]);

  await page.keyboard.press('z');
  await page.waitForSelector('h1 >> text=Old thing');
  await page.waitForSelector('.message >> text=A new thing');
  await beside.page.waitForSelector('.message >> text=A new thing');
  expect([...troubles, ...beside.troubles]).toEqual([]);
  await beside.close();
  await close();
});

test('without script: why it is here, moved to another ticket, and its sender blocked', async () => {
  await office.mailFrom('Nora Noscript', 'First matter', 'The first matter');
  await office.mailFrom('Nora Noscript', 'Second matter', 'The second matter');
  const { page, troubles, close } = await office.sitDown(office.ana, { javaScriptEnabled: false });
  await page.goto(`/tickets/${numberOf('Second matter')}`);
  await page.click('summary >> text=Why is this message here?');
  await page.click('a >> text=Move it elsewhere');
  await page.click('li:has-text("First matter") >> text=Move it here');
  await page.waitForSelector('h1 >> text=First matter');
  await page.waitForSelector('.message >> text=The second matter');
  await page.waitForSelector('text=messages came from');

  await page.click('button:has-text("Block this sender")');
  await page.waitForSelector('button:has-text("Unblock this sender")');
  await office.mailFrom('Nora Noscript', 'Third matter', 'The third matter');
  expect(numberOf('Third matter')).toBeNaN();
  await page.click('.toast >> text=Undo');
  await page.waitForSelector('text=nora.noscript@mail.example is not blocked any more');
  expect(troubles).toEqual([]);
  await close();
});

test('a mailbox says who checks its senders, and what it has learnt', async () => {
  const { app, ana } = office;
  const given = { address: 'support@teapot.example', senderName: '', imap: undefined, smtp: undefined };
  const rest = {
    firstFetchDays: 0,
    plusAddresses: false,
    reopenClosed: 'days' as const,
    reopenDays: 30,
    undoSeconds: 10,
    keepSent: false,
  };
  const { id } = await app.write(() => saveMailbox(app, ana, { ...given, ...rest }));
  const seen = { server: `${LONG_WORD.slice(0, 60)}.hoster.example`, mails: 20, days: 3, lastDay: 20_000 };
  await app.write(() =>
    app.db.sql.prepare('UPDATE mailboxes SET authserv_seen = ? WHERE id = ?').run(JSON.stringify(seen), id),
  );
  const { page, troubles, close } = await office.sitDown(ana);
  await page.goto(`/settings/mailboxes/${id}`);
  await page.click('summary >> text=Senders and spam');
  await page.waitForSelector(`text=results by ${seen.server} are believed`);
  expect(await faultsOf(page, 'mailbox')).toEqual([]);
  await page.selectOption('[name="authentication"]', 'own');
  await page.check('[name="spamByHeader"]');
  await page.fill('[name="authservId"]', 'two words');
  await page.click('form .button--main');
  await page.waitForSelector('#field-authservId-error');
  expect(await page.isVisible('[name="authservId"]')).toBe(true);
  expect(await page.isChecked('[name="spamByHeader"]')).toBe(true);
  await page.fill('[name="authservId"]', '');
  await page.click('form .button--main');
  await page.waitForSelector('.toast, [role="status"] >> text=support@teapot.example');
  await page.goto(`/settings/mailboxes/${id}`);
  expect(await page.inputValue('[name="authentication"]')).toBe('own');
  expect(troubles).toEqual([]);
  await close();
});
