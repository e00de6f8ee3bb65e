// Takes the pictures of README.md from the real thing: builds nothing, starts dist/hearthdesk with demo data, works in it as
// people do, and photographs. npm run build && npm run pictures
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { projectRoot } from './build/files.mjs';
import { OLGA, openDesk } from './pictures/desk.mjs';
import { carlaAnswers, carlaAsks, others } from './pictures/letters.mjs';
import { kettle, openShop } from './pictures/shop.mjs';

const target = join(projectRoot, 'docs', 'pictures');
const SCREEN = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const PASSWORD = 'a kettle of his own';

mkdirSync(target, { recursive: true });
const desk = await openDesk(join(projectRoot, 'dist', 'hearthdesk'));
const shop = await openShop();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'],
});
try {
  await takeAll();
} finally {
  await browser.close();
  await desk.close();
  shop.close();
}

async function takeAll() {
  const olga = await sitDown();
  await signIn(olga, OLGA);
  const janis = await sitDown();
  await janis.goto(desk.link);
  await janis.getByLabel('New password').fill(PASSWORD);
  await janis.getByRole('button', { name: 'Set password and sign in' }).click();
  await janis.waitForURL('**/tickets');

  await addShop(olga);
  for (const mail of others) desk.deliver(mail);
  await talkWithPerOlav(janis);
  await talkWithCarla(janis);
  const visitor = await askInTheShop();
  await takeInbox(janis);
  await takePhone(janis);
  await takeDark(janis);
  await takeChat(janis, visitor);
  await takeErasure(olga);
}

async function sitDown() {
  const context = await browser.newContext({
    baseURL: desk.origin,
    viewport: SCREEN,
    locale: 'en-GB',
    timezoneId: 'Europe/Oslo',
    reducedMotion: 'reduce',
    ignoreHTTPSErrors: true,
  });
  return context.newPage();
}

async function signIn(page, { email, password }) {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/tickets');
}

async function keep(page, name) {
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => document.fonts.ready);
  const path = join(target, `${name}.png`);
  await page.screenshot({ path });
  console.log(`docs/pictures/${name}.png, ${Math.round(statSync(path).size / 1_000)} kB`);
}

async function addShop(page) {
  await page.goto('/settings/sites/new');
  await page.getByLabel('Name').fill('Teapot');
  await page.getByLabel('Addresses of the website').fill(shop.origin);
  await page.getByRole('button', { name: 'Save' }).click();
  shop.carries(await page.getByRole('group', { name: 'For the website’s pages' }).textContent());
}

/** Carla asks with a picture, gets an answer, and thanks. */
async function talkWithCarla(page) {
  desk.deliver(carlaAsks(await drawKettle()));
  await work(page, {
    who: 'Carla Jansone',
    tag: 'returns',
    note: 'Same batch as last week. Refund at once, and ask her to keep the lid for the supplier.',
    reply: `Dear Carla,

that should not have happened twice. Your refund of € 39 left today and reaches you within three days.

Could you keep the lid until Friday? I’ll call you about the pick-up.`,
  });
  desk.deliver(carlaAnswers);
  await page.locator('.message').getByText('Friday after two is fine.').waitFor();
}

async function talkWithPerOlav(page) {
  await work(page, {
    who: 'Håkonsen',
    tag: 'faktura',
    note: 'KID mangler på alle fakturaer fra i går. Økonomi retter malen i dag.',
    reply: `Hei Per Olav,

beklager det! Den nye fakturaen ligger ved, med KID 20417 00931.

Betalingsfristen er flyttet til 4. desember.`,
    file: {
      name: 'faktura-20417.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.4\n'.padEnd(48_000, ' ')),
    },
  });
}

/** Takes a ticket, tags it, leaves a note, answers, and sees the mail leave. */
async function work(page, { who, tag, note, reply, file }) {
  await page.goto('/tickets');
  await page.locator('.row', { hasText: who }).click();
  await page.getByRole('button', { name: 'Take it' }).click();
  await page.getByText('took this ticket').waitFor();
  await page.locator('#tag').fill(tag);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: `Remove the tag ${tag}` }).waitFor();
  await page.getByRole('radio', { name: 'Note' }).check();
  await page.getByLabel('Your note').fill(note);
  await page.getByRole('button', { name: 'Add note' }).click();
  await page.locator('.message--note').waitFor();
  await page.getByRole('radio', { name: 'Reply' }).check();
  await page.getByLabel('Your reply').fill(reply);
  if (file) await page.locator('form[data-mode="reply"]').getByLabel('Attach files').setInputFiles(file);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.locator('.message--agent').getByText('Accepted').waitFor();
}

async function drawKettle() {
  const page = await sitDown();
  await page.setViewportSize({ width: 640, height: 440 });
  await page.setContent(`<body style="margin:0;background:#f3e9df">${kettle('#c2410c', true)}</body>`);
  const picture = await page.screenshot();
  await page.close();
  return picture;
}

async function askInTheShop() {
  const page = await sitDown();
  await page.goto(shop.origin);
  await page.getByRole('button', { name: 'Chat with Teapot' }).click();
  const chat = page.frameLocator('iframe');
  await chat.getByLabel('Your name').fill('Visitor from Bergen');
  await chat.getByLabel('Your question').fill('Hi! I need the blue mug before Friday, is that possible?');
  await chat.getByRole('button', { name: 'Start the chat' }).click();
  await chat.getByText('Waiting for somebody to answer').waitFor();
  return { page, chat };
}

async function takeInbox(page) {
  await page.locator('.row', { hasText: 'Chat waiting' }).waitFor();
  await page.locator('[data-place="chats"] .rail__count').waitFor();
  await keep(page, 'inbox');
}

async function takePhone(page) {
  await page.setViewportSize(PHONE);
  await keep(page, 'phone');
  await page.setViewportSize(SCREEN);
}

async function takeDark(page) {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('.row', { hasText: 'Håkonsen' }).click();
  await page.getByText('Økonomi retter malen').waitFor();
  await keep(page, 'ticket-dark');
  await page.emulateMedia({ colorScheme: 'light' });
}

async function takeChat(page, { page: visitor, chat }) {
  await page.goto('/chats');
  await page.getByRole('button', { name: 'Take the chat' }).click();
  await page
    .getByLabel('Your reply')
    .fill('Good morning! Yes, if you order before noon today. Shall I set one aside for you?');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await chat.getByText('Shall I set one aside').waitFor();
  await chat.getByLabel('Your message').fill('Please do, thank you!');
  await chat.getByRole('button', { name: 'Send' }).click();
  await page.locator('.message').getByText('Please do').waitFor();
  await chat.getByText('Seen').waitFor();
  await page.getByLabel('Your reply').pressSequentially('It is on');
  await chat.getByText('is writing').waitFor();
  await keep(visitor, 'chat');
}

async function takeErasure(page) {
  await page.goto('/customers?q=Carla+Jansone');
  await page.getByRole('link', { name: 'Carla Jansone' }).first().click();
  await page.getByRole('link', { name: 'Erase…' }).click();
  await page.getByLabel('What stands above').fill('carla.jansone@mail.example');
  await page.locator('h1').scrollIntoViewIfNeeded();
  await keep(page, 'erase');
}
