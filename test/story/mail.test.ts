// The story, part one: a customer writes by mail, an agent answers, the customer answers back.
import { readFileSync } from 'node:fs';
import { simpleParser } from 'mailparser';
import type { Page } from 'playwright-core';
import { PDF, PNG } from '../support/mails';
import { type Firm, openFirm, SUPPORT } from './firm';
import { answerTo, CARLA, carlasQuestion } from './letters';
import { connectsMailbox, finds, invites, joins, olgaSignsIn, saysWhereTheDeskIs } from './people';

const ANA = { name: 'Ana Ozola', email: 'ana@teapot.example', password: 'ana likes green tea' };

let firm: Firm;
let olga: Page;
let ana: Page;

beforeAll(async () => {
  firm = await openFirm();
}, 30_000);
afterAll(() => firm.close());

test('the owner signs in, says where the desk is, and connects the mailbox that customers write to', async () => {
  olga = await olgaSignsIn(firm);
  await saysWhereTheDeskIs(olga, firm.server.address);
  await connectsMailbox(olga, firm);
}, 60_000);

test('an invited agent gets a mail, sets a password and is in', async () => {
  const link = await invites(olga, firm, ANA);
  ana = (await firm.window()).page;
  await joins(ana, link, ANA.password);
}, 30_000);

test('a mail that arrives is in every open list within seconds, without a reload', async () => {
  await olga.goto('/tickets?view=unassigned');
  const desks = [ana, olga];
  for (const page of desks) await page.evaluate(() => document.body.setAttribute('data-loaded', 'once'));

  firm.dovecot.deliver(SUPPORT.user, carlasQuestion());

  for (const page of desks) {
    const row = page.getByRole('link', { name: 'Broken kettle, second time' });
    await row.waitFor({ timeout: 8_000 });
    expect(await row.textContent()).toContain(CARLA.name);
    expect(await page.getAttribute('body', 'data-loaded')).toBe('once');
  }
}, 30_000);

test('the agent sees words, picture and file; what was quoted is folded', async () => {
  await ana.getByRole('link', { name: 'Broken kettle, second time' }).click();

  const message = ana.getByRole('article', { name: CARLA.name });
  const words = message.frameLocator('iframe[name^="words-"]');
  await words.getByText('limescale-monster').waitFor();
  const picture = words.getByAltText('the kettle from inside');
  expect(await picture.evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth))).toBe(
    1,
  );
  const [download] = await Promise.all([
    ana.waitForEvent('download'),
    message.getByRole('link', { name: 'receipt.pdf' }).click(),
  ]);
  expect(readFileSync(await download.path())).toEqual(PDF);

  const quoted = message.frameLocator('iframe[name^="quote-"]').getByText('one enamel kettle');
  expect(await quoted.isVisible()).toBe(false);
  await message.getByText('Show what was quoted').click();
  await quoted.waitFor();
});

test('a note, an assignment, a priority and a tag, each told in the conversation or beside it', async () => {
  await ana.getByRole('radio', { name: 'Note' }).check();
  await ana.getByLabel('Your note').fill('Second broken one this week. Teapot-secret.');
  await ana.getByRole('button', { name: 'Add note' }).click();
  await ana.locator('.message--note').getByText('Teapot-secret').waitFor();

  await ana.getByRole('button', { name: 'Take it' }).click();
  await ana.getByText(`${ANA.name} took this ticket`).waitFor();
  await ana.getByLabel('Priority').selectOption('Urgent');
  await ana.getByText('set the priority to urgent').waitFor();
  await ana.locator('#tag').fill('warranty');
  await ana.getByRole('button', { name: 'Add', exact: true }).click();
  await ana.getByRole('button', { name: 'Remove the tag warranty' }).waitFor();
});

test('a reply with a file can be taken back for ten seconds, leaves by SMTP, and the ticket shows what the server said', async () => {
  const before = firm.smtp.mails.length;
  await ana.getByRole('radio', { name: 'Reply' }).check();
  await ana.getByLabel('Your reply').fill('Dear Carla, a new kettle is on its way.');
  await ana
    .locator('form[data-mode="reply"]')
    .getByLabel('Attach files')
    .setInputFiles({
      name: 'return label.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('Stick this on the parcel.'),
    });
  await ana.getByLabel('then').selectOption('solve');
  const pressed = Date.now();
  await ana.getByRole('button', { name: 'Send', exact: true }).click();

  await ana.getByText('Your reply is about to leave.').waitFor();
  await ana.getByRole('button', { name: 'Undo' }).waitFor();
  const mails = await firm.smtp.received(before + 1);
  expect(Date.now() - pressed).toBeGreaterThan(9_000);
  await ana.locator('.message--agent').getByText('queued as 4F2A').waitFor();

  const received = mails[before]!;
  expect(received.envelope).toEqual({ from: SUPPORT.user, to: [CARLA.email] });
  const mail = await simpleParser(received.raw);
  expect(mail.subject).toBe('Re: Broken kettle, second time');
  expect(mail.inReplyTo).toBe('<question@customer.example>');
  expect(mail.text).toContain('a new kettle is on its way');
  expect(String(received.raw)).not.toContain('Teapot-secret');
  expect(
    mail.attachments.map(({ filename, contentDisposition, content }) => [
      filename,
      contentDisposition,
      String(content),
    ]),
  ).toEqual([
    ['kettle.png', 'inline', String(PNG)],
    ['return label.txt', 'attachment', 'Stick this on the parcel.'],
  ]);
}, 40_000);

test('the customer answers from an ordinary mail program: the same ticket, open again', async () => {
  await ana.locator('.talk .chip', { hasText: 'Solved' }).waitFor();
  const received = firm.smtp.mails.at(-1)!;
  firm.dovecot.deliver(
    SUPPORT.user,
    await answerTo(received, CARLA, 'Wonderful, the spoutless-wonder may go back.'),
  );

  await ana.locator('.message').getByText('spoutless-wonder').waitFor();
  await ana.getByText('This ticket is open again, because an answer came').waitFor();
  await ana.locator('.talk .chip', { hasText: 'Open' }).waitFor();
  expect(await ana.getByRole('article', { name: CARLA.name }).count()).toBe(2);
  expect(await olga.locator('#rows .row').count()).toBe(0);
}, 30_000);

test('the ticket is found by a word of any message, by customer, by number and by tag', async () => {
  const number = await ana
    .locator('.talk__facts')
    .getByText(/^#\d+$/)
    .textContent();
  for (const words of [
    'limescale-monster',
    'Teapot-secret',
    'spoutless-wonder',
    CARLA.name,
    CARLA.email,
    String(number),
    'warranty',
  ]) {
    expect(await finds(olga, words)).toEqual(['Broken kettle, second time']);
  }
  expect(await finds(olga, 'lawnmower')).toEqual([]);
}, 30_000);

test('nothing went wrong in anybody’s browser on the way', () => {
  expect(firm.troubles()).toEqual([]);
});
