// To whom a reply goes, at the keyboard and with a finger: chips, completion, "Reply to all", and a forwarded message.
import type { Browser, Page } from 'playwright-core';
import { knowCustomerByMail } from '../../server/customers';
import { axeFinds, openBrowser, tooWide } from '../support/browser';
import { until } from '../support/until';
import { type Office, openOffice } from './office';

const WIDTHS = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

let browser: Browser;
let office: Office;

beforeAll(async () => {
  browser = await openBrowser();
  office = await openOffice({ browser });
  const cc = { Cc: 'Per Berg <per@other.example>, eva@other.example' };
  for (const name of ['Carla', 'Dora', 'Emil', 'Fay', 'Gerd', 'Hans', 'Ida'])
    await office.mailFrom(name, 'Broken kettle', 'It does not heat any more', cc);
  await office.app.write(() =>
    knowCustomerByMail(
      office.app,
      { kind: 'system', id: null },
      { name: 'Wim de Vries', address: 'wim@workshop.example' },
    ),
  );
  office.app.followers.catchUp();
}, 60_000);
afterAll(async () => {
  await office.close();
  await browser.close();
});

const chips = (page: Page, field: string) =>
  page.locator(`.recipients__field:has([name="${field}"]) .chip > span`).allTextContents();
const entry = (page: Page, field: string) => page.locator(`#reply-${field}`);
const words = (page: Page) => page.locator('#reply-words');
const draftOf = (number: number) =>
  office.app.db.sql
    .prepare('SELECT recipients FROM drafts JOIN tickets ON tickets.id = ticket_id WHERE number = ?')
    .pluck()
    .get(number) as string | undefined;
const recipients = () =>
  JSON.parse(
    office.app.db.sql.prepare('SELECT recipients FROM outbox ORDER BY id DESC').pluck().get() as string,
  ) as string[];

test.each(WIDTHS)(
  'at $width px it is seen before sending who gets the reply, and nothing is wrong with how',
  async (viewport) => {
    const { page, troubles, close } = await office.sitDown(office.ana, { viewport, reducedMotion: 'reduce' });
    await page.goto('/tickets/1001');
    await page.locator('.recipients .chip').first().waitFor();
    expect(await chips(page, 'to')).toEqual(['Carla carla@mail.example']);
    expect(await page.locator('.recipients__more').getAttribute('open')).toBeNull();
    expect(await page.locator('[aria-pressed="true"]').textContent()).toContain('Reply');
    expect(await axeFinds(page)).toEqual([]);

    await page.getByRole('button', { name: 'Reply to all 3' }).click();
    expect(await chips(page, 'cc')).toEqual(['Per Berg per@other.example', 'eva@other.example']);
    expect(await page.getByRole('button', { name: 'Reply to all 3' }).getAttribute('aria-pressed')).toBe(
      'true',
    );
    expect(await axeFinds(page)).toEqual([]);
    expect(await tooWide(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await axeFinds(page, ['color-contrast'])).toEqual([]);

    await page.getByRole('button', { name: 'Reply', exact: true }).click();
    expect(await chips(page, 'cc')).toEqual([]);
    expect(troubles).toEqual([]);
    await close();
  },
  60_000,
);

test.each(WIDTHS)(
  'at $width px customers are offered while one types; Enter takes one, and sends nothing',
  async (viewport) => {
    const { page, troubles, close } = await office.sitDown(office.ana, { viewport });
    await page.goto('/tickets/1002');
    await page.locator('.recipients__more summary').click();
    await entry(page, 'cc').pressSequentially('wim d');
    await page.locator('#reply-cc-options [role="option"]').waitFor();
    expect(await axeFinds(page)).toEqual([]);
    expect(await tooWide(page)).toEqual([]);
    await page.keyboard.press('ArrowDown');
    expect(await entry(page, 'cc').getAttribute('aria-activedescendant')).toBe('reply-cc-options-0');
    await page.keyboard.press('Enter');
    expect(await chips(page, 'cc')).toEqual(['Wim de Vries wim@workshop.example']);
    await page.keyboard.type('no address,');
    expect(await page.locator('.chip--late').count()).toBe(1);
    await page.keyboard.press('Backspace');
    expect(await chips(page, 'cc')).toEqual(['Wim de Vries wim@workshop.example']);
    await page.getByRole('button', { name: 'Leave out wim@workshop.example' }).click();
    expect(await chips(page, 'cc')).toEqual([]);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('reply-cc');
    expect(await page.locator('.message--agent').count()).toBe(0);
    expect(troubles).toEqual([]);
    await close();
  },
  60_000,
);

test('W4: whom somebody has chosen survives a reload before a word is written, and goes where the page said', async () => {
  const { page, troubles, close } = await office.sitDown(office.ana);
  await page.goto('/tickets/1003');
  await page.locator('.recipients__more summary').click();
  await entry(page, 'bcc').fill('boss@firm.example');
  await page.keyboard.press('Enter');
  await until('the draft', () => draftOf(1003)?.includes('boss@firm.example') === true);
  await page.reload();
  await page.locator('.recipients .chip').first().waitFor();
  expect(await chips(page, 'bcc')).toEqual(['boss@firm.example']);

  await words(page).fill('It is ready.');
  // Whoever is still being typed goes along.
  await entry(page, 'cc').fill('per@other.example');
  await page.keyboard.press('Control+Enter');
  await page.locator('.message--agent').getByText('hidden copy to boss@firm.example').waitFor();
  expect(recipients()).toEqual(['emil@mail.example', 'per@other.example', 'boss@firm.example']);
  await page.locator('.recipients .chip', { hasText: 'per@other.example' }).waitFor();
  expect(await chips(page, 'bcc')).toEqual([]);
  expect(troubles).toEqual([]);
  await close();
}, 60_000);

test('what is wrong stands at the field, with the words and everybody kept', async () => {
  const { page, close } = await office.sitDown(office.ana, { viewport: WIDTHS[1] });
  await page.goto('/tickets/1004');
  await words(page).fill('Kept words');
  await entry(page, 'to').fill('fay at home,');
  await page.click('[data-composer-target="send"]');
  await page.locator('.recipients__error').waitFor();
  expect(await page.locator('.recipients__error').textContent()).toContain(
    '“fay at home” is no e-mail address',
  );
  expect(await words(page).inputValue()).toBe('Kept words');
  expect(await chips(page, 'to')).toEqual(['Fay fay@mail.example', 'fay at home']);
  expect(await axeFinds(page)).toEqual([]);
  expect(await tooWide(page)).toEqual([]);
  await page.getByRole('button', { name: 'Leave out fay at home' }).click();
  await page.click('[data-composer-target="send"]');
  await page.locator('.message--agent').getByText('Kept words').waitFor();
  await close();
}, 60_000);

test('somebody whom a colleague lets in appears in the open page, unless whom it goes to was chosen here', async () => {
  const { page, close } = await office.sitDown(office.ana);
  const { page: other, close: closeOther } = await office.sitDown(office.ben);
  await page.goto('/tickets/1005');
  await page.locator('.recipients .chip').first().waitFor();
  await other.goto('/tickets/1005');
  await other.getByRole('button', { name: 'Include in replies: eva@other.example' }).click();
  await page.locator('.recipients .chip', { hasText: 'eva@other.example' }).waitFor({ state: 'attached' });

  await page.getByRole('button', { name: 'Leave out eva@other.example' }).click();
  await other.getByRole('button', { name: 'Include in replies: Per Berg' }).click();
  await page.locator('[aria-label="Leave out of replies: Per Berg"]').waitFor({ state: 'attached' });
  expect(await chips(page, 'cc')).toEqual([]);
  await close();
  await closeOther();
}, 60_000);

test('without script the fields are text, and "Reply to all" fills them', async () => {
  const { page, close } = await office.sitDown(office.ana, { javaScriptEnabled: false });
  await page.goto('/tickets/1006');
  await words(page).fill('Hello both');
  await page.getByRole('button', { name: 'Reply to all 3' }).click();
  expect(await page.inputValue('[name="cc"]')).toBe('Per Berg <per@other.example>, eva@other.example');
  expect(await words(page).inputValue()).toBe('Hello both');
  // Enter in a field keeps what was typed, and sends nothing.
  await page.fill('[name="cc"]', 'eva@other.example');
  await page.locator('[name="cc"]').press('Enter');
  expect(await page.inputValue('[name="cc"]')).toBe('eva@other.example');
  expect(await page.locator('.message--agent').count()).toBe(0);
  await page.click('[data-composer-target="send"]');
  await page.locator('.message--agent').getByText('copy to eva@other.example').waitFor();
  await close();
}, 60_000);

test.each(WIDTHS)(
  'at $width px a message is forwarded, taken back, and forwarded after all',
  async (viewport) => {
    const { page, troubles, close } = await office.sitDown(office.ana, { viewport });
    await page.goto('/tickets/1007');
    await page.locator('.message--customer .message__forward').first().click();
    await page.waitForURL(/\/forward\?message=/);
    expect(await axeFinds(page)).toEqual([]);
    expect(await tooWide(page)).toEqual([]);
    await page.locator('#forward-to').pressSequentially('wim@workshop.example');
    await page.locator('#forward-to-options [role="option"]').click();
    await page.fill('#forward-words', `Can you mend this at ${viewport.width}?`);
    await page.getByRole('button', { name: 'Forward' }).click();
    await page.locator('.message--note').getByText('forwarded to wim@workshop.example').last().waitFor();
    expect(await axeFinds(page)).toEqual([]);
    expect(await tooWide(page)).toEqual([]);

    await page.locator('#undo button').click();
    await page.waitForURL(/\/forward\?message=/);
    expect(await page.inputValue('#forward-words')).toBe(`Can you mend this at ${viewport.width}?`);
    expect(await page.locator('.recipients .chip > span').allTextContents()).toEqual([
      'wim@workshop.example',
    ]);
    await page.getByRole('button', { name: 'Forward' }).click();
    await page.locator('.message--note').getByText(`at ${viewport.width}?`).waitFor();
    expect(recipients()).toEqual(['wim@workshop.example']);
    expect(troubles).toEqual([]);
    await close();
  },
  60_000,
);
