// Without any script the whole of an agent's work is possible: links and forms carry, script only adds.
import { type Office, openOffice } from './office';

jest.setTimeout(60_000);

let office: Office;

beforeAll(async () => {
  office = await openOffice({ tickets: 5 });
}, 60_000);
afterAll(() => office.close());

test('list, ticket, note, reply with a file, undo, status, assignee, tag, search', async () => {
  const { page, troubles, close } = await office.sitDown(office.ana, { javaScriptEnabled: false });
  await page.goto('/tickets');
  await page.locator('#rows .row').first().click();
  await page.check('[name="mode"][value="note"]', { force: true });
  await page.fill('#note-words', 'A note');
  await page.click('form[data-mode="note"] .button--main');
  await page.waitForSelector('.message--note >> text=A note');

  await page.check('[name="mode"][value="reply"]', { force: true });
  await page.fill('#reply-words', 'A reply');
  await page.setInputFiles('form[data-mode="reply"] [type="file"]', {
    name: 'list.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('one'),
  });
  await page.click('form[data-mode="reply"] .button--main');
  await page.waitForSelector('.message--agent >> text=A reply');
  await page.waitForSelector('.message--agent .file >> text=list.txt');
  await page.click('#undo button');
  expect(await page.inputValue('#reply-words')).toBe('A reply');

  await page.selectOption('#status', 'on hold');
  await page.click('form:has(#status) button');
  await page.waitForSelector('.chip[data-status="on hold"]');
  await page.selectOption('#assignee', { label: 'Ben Nilsen' });
  await page.click('form:has(#assignee) button');
  await page.waitForSelector('.line >> text=to Ben Nilsen');
  await page.fill('#tag', 'returns');
  await page.click('form:has(#tag) button');
  await page.waitForSelector('.tags >> text=returns');
  await page.click('.tags .chip:has-text("returns") button');
  await page.waitForSelector('.line');
  expect(await page.locator('.tags >> text=returns').count()).toBe(0);

  await page.click('text=Back to the inbox');
  await page.fill('.find [name="q"]', 'note');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.hit mark');
  expect(troubles).toEqual([]);
  await close();
});
