// Signing in, setup and the settings as LOOK asks: three widths, both schemes, empty, ordinary and hostile; and by keyboard.
import type { Browser, Page } from 'playwright-core';
import { makeLink } from '../../server/agents/links';
import { keepMail, localMailbox, saveMailbox } from '../../server/mail';
import { saveApplication } from '../../server/mail/oauth/application';
import { markApplicationChanged, upsertGrant } from '../../server/mail/oauth/grant';
import { updateInboundState } from '../../server/mail/queries';
import { offerSetup } from '../../server/setup';
import { axeFinds, openBrowser, openWindow, tooWide } from '../support/browser';
import { type House, openHouse } from '../support/serving';

const LOOKS = [1440, 1024, 390].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
);
const LONG_WORD = 'Donaudampfschifffahrtsgesellschaft'.repeat(12).slice(0, 400);

let browser: Browser;
let house: House;
let forMembers: string[];
let forStrangers: string[];

beforeAll(async () => {
  browser = await openBrowser();
  house = await openHouse();
  const { app } = house.serving;
  const { owner } = house;
  const kim = house.agent('Kim');
  const left = house.agent('Lars');
  house.agent('عبد الرحمن بن محمد الأنصاري');
  const long = house.agent(LONG_WORD.slice(0, 90));
  app.db.sql.prepare("UPDATE agents SET state = 'invited' WHERE id = ?").run(kim.id);
  app.db.sql.prepare("UPDATE agents SET state = 'removed' WHERE id = ?").run(left.id);
  const invite = app.db.tx(() => makeLink(app, kim.id, 'invite'));
  const reset = app.db.tx(() => makeLink(app, owner.id, 'reset'));
  const smtp = {
    host: 'smtp.teapot.invalid',
    port: 465,
    security: 'tls' as const,
    user: 'desk',
    password: 'secret',
  };
  const rest = {
    firstFetchDays: 0,
    plusAddresses: false,
    reopenClosed: 'days' as const,
    reopenDays: 30,
    undoSeconds: 10,
    keepSent: false,
  };
  const address = `${'a'.repeat(60)}@${'b'.repeat(60)}.example`;
  app.db.tx(() =>
    saveMailbox(app, owner, {
      address,
      senderName: LONG_WORD.slice(0, 100),
      imap: { ...smtp, host: 'imap.teapot.invalid' },
      smtp,
      ...rest,
    }),
  );
  app.db.tx(() => {
    const signsIn = { ...smtp, password: '', user: `${'u'.repeat(60)}@teapot.example` };
    const given = { senderName: 'Teapot', imap: signsIn, smtp: signsIn, ...rest };
    const oauth = { provider: 'microsoft' as const, isShared: true };
    saveMailbox(app, owner, { address: 'm@teapot.example', oauth, ...given });
    saveApplication(app, owner, 'microsoft', { clientId: LONG_WORD, clientSecret: 'x', tenant: '' });
    upsertGrant(app.db, 2, LONG_WORD, Buffer.from('x'), Buffer.from('x'), 0, 1);
    markApplicationChanged(app.db, 1, 'microsoft');
    saveMailbox(app, owner, {
      address: 'g@teapot.example',
      oauth: { provider: 'google', isShared: false },
      ...given,
    });
  });
  const raw = Buffer.from(`From: "عبد" <x@y.example>\r\nSubject: ${LONG_WORD}\r\n\r\n`);
  const unheard = { ...app, hooks: { ...app.hooks, mailStored: () => undefined } };
  const kept = await keepMail(unheard, { mailboxId: localMailbox(app).id, source: 'deliver', raw });
  if ('id' in kept)
    await app.write(() =>
      updateInboundState(app.db, 'failed', 'failed-repeatedly', app.clock.now(), kept.id),
    );
  forStrangers = ['/sign-in', '/forgot-password', invite, reset];
  forMembers = [
    '/settings/profile',
    '/settings/firm',
    '/settings/roles',
    '/settings/agents',
    '/settings/agents/new',
    `/settings/agents/${kim.publicId}`,
    `/settings/agents/${left.publicId}`,
    `/settings/agents/${long.publicId}/removal`,
    '/settings/mailboxes',
    '/settings/mailboxes/new',
    '/settings/mailboxes/1',
    '/settings/mailboxes/1/removal',
    '/settings/mailboxes/2',
    '/settings/mailboxes/3?from=setup',
    '/settings/mailboxes/applications/microsoft?mailbox=2',
    '/settings/mailboxes/applications/google',
    '/settings/mail-tray',
    '/welcome/mailbox',
    '/welcome/website',
    '/welcome/retention',
    '/welcome/done',
  ];
}, 60_000);

afterAll(async () => {
  await browser.close();
  await house.remove();
});

async function sitDown(options: object) {
  const window = await openWindow(browser, house.url, options);
  const cookies = [...house.signIn(house.owner)].map(([name, value]) => ({ name, value, url: house.url }));
  return { ...window, signIn: () => window.page.context().addCookies(cookies) };
}

const faults = async (page: Page, address: string): Promise<string[]> =>
  [...(await tooWide(page)), ...(await axeFinds(page))].map((fault) => `${address}: ${fault}`);

describe.each(LOOKS)('at $width px, $colorScheme', ({ width, colorScheme }) => {
  test('every page is accessible, as wide as its place, and asks nobody else', async () => {
    const { page, troubles, signIn, close } = await sitDown({
      viewport: { width, height: 900 },
      colorScheme,
    });
    const found: string[] = [];
    const look = async (address: string) => {
      await page.goto(address);
      found.push(...(await faults(page, address)));
    };
    for (const address of forStrangers) await look(address);
    await signIn();
    for (const address of forMembers) await look(address);
    expect(found).toEqual([]);
    expect(troubles).toEqual([]);
    await close();
  }, 240_000);

  test('a form with errors is accessible too, and each error belongs to its field; the first one has the focus', async () => {
    const { page, signIn, close } = await sitDown({ viewport: { width, height: 900 }, colorScheme });
    await signIn();
    await page.goto('/settings/mailboxes/1');
    await page.fill('[name=imapHost]', 'a..b');
    await page.fill('[name=imapPort]', LONG_WORD.slice(0, 5));
    await page.click('.button--main');
    await page.waitForSelector('.field__error');
    expect(await faults(page, 'errors')).toEqual([]);
    const described = await page.getAttribute('[name=imapHost]', 'aria-describedby');
    expect(described).toContain('field-imapHost-error');
    expect(await page.getAttribute('[name=imapHost]', 'aria-invalid')).toBe('true');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('imapHost');
    expect(await page.inputValue('[name=imapHost]')).toBe('a..b');
    await close();
  });
});

test('what is not used folds away, and what it holds is kept', async () => {
  const { page, signIn, close } = await sitDown({});
  await signIn();
  await page.goto('/settings/mailboxes/1');
  expect(await page.isVisible('[name=imapHost]')).toBe(true);
  await page.uncheck('[name=usesImap]');
  expect(await page.isVisible('[name=imapHost]')).toBe(false);
  await page.check('[name=usesImap]');
  expect(await page.inputValue('[name=imapHost]')).toBe('imap.teapot.invalid');
  expect(await page.isVisible('[name=smtpUser]')).toBe(false);
  await page.uncheck('[name=smtpSameLogin]');
  expect(await page.isVisible('[name=smtpUser]')).toBe(true);
  await close();
});

test('Test leads to its answer, in the page, with everything typed still there', async () => {
  const { page, troubles, signIn, close } = await sitDown({});
  await signIn();
  await page.goto('/settings/mailboxes/1');
  await page.fill('[name=senderName]', 'Somebody new');
  await page.click('[formaction]');
  await page.waitForSelector('.test');
  expect(await page.textContent('#result')).toContain('It does not work yet.');
  expect(await page.inputValue('[name=senderName]')).toBe('Somebody new');
  expect(troubles).toEqual([]);
  await close();
});

test('a new firm is set up by keyboard alone, in the browser’s own time zone', async () => {
  const fresh = await openHouse();
  const { app } = fresh.serving;
  app.db.tx(() => app.db.sql.exec('DELETE FROM agents; DELETE FROM settings'));
  const link = (await offerSetup(app, fresh.url)) ?? '';
  const { page, troubles, close } = await openWindow(browser, fresh.url, {
    timezoneId: 'Europe/Riga',
    locale: 'lv-LV',
  });
  await page.goto(link);
  expect(new URL(page.url()).search).toBe('');
  const type = async (text: string) => {
    await page.keyboard.type(text);
    await page.keyboard.press('Tab');
  };
  await type('Tējkanna SIA');
  expect(await page.inputValue('[name=language]')).toBe('lv');
  expect(await page.inputValue('[name=timeZone]')).toBe('Europe/Riga');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await type('Olga Bērziņa');
  await type('olga@tejkanna.lv');
  await page.keyboard.type('a kettle for two');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/welcome/mailbox');
  expect(await page.getAttribute('html', 'lang')).toBe('lv');
  expect(app.db.sql.prepare('SELECT name, time_zone FROM agents').all()).toEqual([
    { name: 'Olga Bērziņa', time_zone: 'Europe/Riga' },
  ]);
  expect(troubles).toEqual([]);
  await close();
  await fresh.remove();
});

test('signing in by keyboard: a mistake puts the cursor where it is needed', async () => {
  const { page, close } = await openWindow(browser, house.url);
  await page.goto('/sign-in?next=/settings/profile');
  await page.waitForSelector('[name=email]:focus');
  await page.keyboard.type('olga@teapot.example');
  await page.keyboard.press('Tab');
  await page.keyboard.type('not the password');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[role=alert]');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('password');
  expect(await page.inputValue('[name=email]')).toBe('olga@teapot.example');
  await close();
});
