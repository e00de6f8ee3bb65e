// The desk as it is worked at: things arrive in place, nothing that somebody writes or reads moves.
import type { Page } from 'playwright-core';
import type { Window } from '../support/browser';
import { type Office, openOffice } from './office';

jest.setTimeout(60_000);

let office: Office;
let place: Window;
let page: Page;

beforeAll(async () => {
  office = await openOffice({ tickets: 80 });
}, 60_000);
afterAll(() => office.close());

beforeEach(async () => {
  place = await office.sitDown(office.ana);
  page = place.page;
});
afterEach(async () => {
  const { troubles } = place;
  await place.close();
  expect(troubles).toEqual([]);
});

const number = () => Number(new URL(page.url()).pathname.split('/')[2]);

async function openNewTicketOf(name: string): Promise<void> {
  await page.goto('/tickets');
  await office.mailFrom(name, `Question of ${name}`, 'Hello, is anybody there?');
  await page.click(`.row >> text=Question of ${name}`);
  await page.waitForSelector(`h1 >> text=Question of ${name}`);
}

test('a new mail appears in the list without a reload', async () => {
  await page.goto('/tickets');
  const rows = await page.locator('#rows .row').count();
  await office.mailFrom('Nora New', 'Brand new question', 'Hello!');
  await page.waitForSelector('.row >> text=Brand new question');
  expect(await page.locator('#rows .row').count()).toBe(rows);
});

test('from ticket to ticket the list is the same element, with its scroll and its mark', async () => {
  await page.goto('/tickets');
  const before = await page.$('#list');
  await page.evaluate(() => {
    (document.querySelector('.list__rows') as HTMLElement).scrollTop = 900;
  });
  const row = page.locator('#rows .row').nth(20);
  const id = await row.getAttribute('id');
  await row.click();
  await page.waitForSelector('.composer');
  const list = await page.evaluate(
    (known) => ({
      isSame: document.getElementById('list') === known,
      scroll: document.querySelector('.list__rows')?.scrollTop,
      current: document.querySelector('.row[aria-current]')?.id,
    }),
    before,
  );
  expect(list).toEqual({ isSame: true, scroll: 900, current: id });
});

test('more rows stay loaded when the list is brought up to date', async () => {
  await page.goto('/tickets');
  const before = await page.locator('#rows .row').count();
  await page.click('#more a');
  await page.waitForFunction((n) => document.querySelectorAll('#rows .row').length > n, before);
  const loaded = await page.locator('#rows .row').count();
  await office.mailFrom('Mona More', 'One on top', 'Hello!');
  await page.waitForSelector('.row >> text=One on top');
  expect(await page.locator('#rows .row').count()).toBeGreaterThanOrEqual(loaded);
});

test('a message of the customer is put into the open ticket; words and focus stay, and it counts as seen', async () => {
  await openNewTicketOf('Zora Zeile');
  await page.focus('#reply-words');
  await page.keyboard.type('I am writing');
  await office.mailFrom(
    'Zora Zeile',
    `Re: Question of Zora Zeile [#${number()}]`,
    'One more thing: it is urgent',
  );
  await page.waitForSelector('.message >> text=One more thing');
  expect(await page.inputValue('#reply-words')).toBe('I am writing');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('reply-words');
  await page.waitForFunction(
    () => document.querySelector<HTMLInputElement>('[name="seenSequence"]')?.value === '2',
  );
  await page.waitForFunction(() => document.getElementById('live')?.textContent?.includes('Zora Zeile'));
});

test('W2: a reply is held when a message came that was not on the screen, and can be sent anyway', async () => {
  await openNewTicketOf('Hilda Halt');
  await page.fill('#reply-words', 'Did you try turning it off?');
  await page.evaluate(() => {
    for (const input of document.querySelectorAll<HTMLInputElement>('[name="seenSequence"]'))
      input.value = '0';
  });
  await page.click('form[data-mode="reply"] .button--main');
  await page.waitForSelector('.held >> text=is anybody there');
  expect(await page.inputValue('#reply-words')).toBe('Did you try turning it off?');
  expect(await page.locator('.message--agent').count()).toBe(0);
  await page.click('text=Send anyway');
  await page.waitForSelector('.message--agent >> text=turning it off');
  await page.waitForFunction(
    () => (document.getElementById('reply-words') as HTMLTextAreaElement).value === '',
  );
  expect(await page.locator('.held').count()).toBe(0);
});

test('W4: a draft keeps itself and survives a reload; a note sent beside it does not touch it', async () => {
  await openNewTicketOf('Dora Draft');
  await page.fill('#reply-words', 'Half a sentence');
  await page.waitForSelector('form[data-mode="reply"] .composer__saved >> text=Saved');
  await page.reload();
  expect(await page.inputValue('#reply-words')).toBe('Half a sentence');
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press('n');
  await page.keyboard.type('For Ben');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.message--note >> text=For Ben');
  await page.waitForFunction(
    () => (document.getElementById('note-words') as HTMLTextAreaElement).value === '',
  );
  expect(await page.inputValue('#reply-words')).toBe('Half a sentence');
});

test('O4: a reply can be taken back from wherever one has gone; its words are in the composer again', async () => {
  await openNewTicketOf('Uta Undo');
  const address = new URL(page.url()).pathname;
  await page.fill('#reply-words', 'Too quick');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('#toasts #undo');
  await page.locator('#rows .row').nth(3).click();
  await page.waitForURL((url) => url.pathname !== address);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press('z');
  await page.waitForURL((url) => url.pathname === address);
  await page.waitForFunction(
    () => (document.getElementById('reply-words') as HTMLTextAreaElement).value === 'Too quick',
  );
  expect(await page.locator('#undo').count()).toBe(0);
  expect(await page.locator('.message--agent').count()).toBe(0);
});

test('another form of the ticket leaves unsaved words alone', async () => {
  await openNewTicketOf('Frida Form');
  await page.fill('#reply-words', 'Not saved yet');
  await page.selectOption('#priority', 'high');
  await page.waitForSelector('.line >> text=priority to high');
  expect(await page.inputValue('#reply-words')).toBe('Not saved yet');
});

test('W1: a colleague is told who is looking and who is writing, oneself is not', async () => {
  await openNewTicketOf('Wilma Wer');
  const ben = await office.sitDown(office.ben);
  await ben.page.goto(new URL(page.url()).pathname);
  await page.waitForSelector('.talk__presence >> text=Ben Nilsen is looking');
  await ben.page.focus('#reply-words');
  await ben.page.keyboard.type('H');
  await page.waitForSelector('.talk__presence >> text=Ben Nilsen is writing');
  expect(await page.textContent('.talk__presence')).not.toContain('Ana');
  await ben.close();
});

test('M12: a rich mail stands in a frame as high as itself; images of others come only on wish', async () => {
  await page.goto('/tickets');
  const html =
    '<body style="background:#eef"><h1>Sale</h1>' +
    '<p>line</p>'.repeat(40) +
    '<img src="https://tracker.example/p.gif"></body>';
  await office.mailFrom('Rich Rita', 'Spring sale', html, { 'Content-Type': 'text/html; charset=utf-8' });
  await page.click('.row >> text=Spring sale');
  await page.waitForFunction(
    () => (document.querySelector<HTMLElement>('.writing__frame')?.offsetHeight ?? 0) > 800,
  );
  expect(place.troubles).toEqual([]);
  expect(await page.locator('text=Show images from other servers').count()).toBe(1);
});

test('a mail that is longer than the screen is opened at its beginning, and an answer to it is in sight', async () => {
  const html = '<p>The first line</p>' + '<p>line</p>'.repeat(80);
  await office.mailFrom('Lara Lang', 'A long story', html, { 'Content-Type': 'text/html; charset=utf-8' });
  await page.goto('/tickets');
  await page.click('.row >> text=A long story');
  await page.waitForFunction(() => {
    const stream = document.querySelector('.stream')?.getBoundingClientRect();
    const message = document.querySelector('.message')?.getBoundingClientRect();
    return stream && message && message.height > 2 * stream.height && message.top >= stream.top;
  });

  await page.fill('#reply-words', 'Short is beautiful');
  await page.keyboard.press('Control+Enter');
  await page.waitForFunction(() => {
    const stream = document.querySelector('.stream')?.getBoundingClientRect();
    const own = document.querySelector('.message--agent')?.getBoundingClientRect();
    return stream && own && own.bottom <= stream.bottom;
  });
  expect(await page.isVisible('.stream__newer')).toBe(false);
});

test('what was chosen to happen after sending stays chosen while the ticket changes', async () => {
  await openNewTicketOf('Thea Then');
  await page.selectOption('#then-status', 'solved');
  await page.focus('#reply-words');
  await page.selectOption('#priority', 'high');
  await page.waitForSelector('.line >> text=priority to high');
  await page.waitForSelector('.row[aria-current] .chip >> text=High');
  await page.waitForFunction(() => !document.querySelector('[aria-busy]'));
  expect(await page.inputValue('#then-status')).toBe('solved');
});

test('the field for tags is empty for the next one as soon as one was added', async () => {
  await openNewTicketOf('Tara Tag');
  for (const tag of ['kettle', 'lid']) {
    await page.fill('#tag', tag);
    await page.press('#tag', 'Enter');
    await page.waitForSelector(`.tags >> text=${tag}`);
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('#tag')?.value === '');
  }
});

test('W2: whoever reads further up stays there, is told of the new message, and has not seen it', async () => {
  await openNewTicketOf('Lena Long');
  const tall = 'A paragraph of words to make it tall. '.repeat(60);
  for (const part of [1, 2, 3]) await office.mailFrom('Lena Long', `Re: [#${number()}]`, `${part}. ${tall}`);
  await page.waitForFunction(() => document.querySelectorAll('.message').length === 4);
  await page.waitForFunction(
    () => document.querySelector<HTMLInputElement>('[name="seenSequence"]')?.value === '4',
  );
  const place = () =>
    page.evaluate(() => document.querySelectorAll('.message')[2]?.getBoundingClientRect().top ?? 0);
  await page.evaluate(() => {
    (document.querySelector('.stream') as HTMLElement).scrollTop = -600;
  });
  const before = await place();
  await office.mailFrom('Lena Long', `Re: [#${number()}]`, tall);
  await page.waitForFunction(() => document.querySelectorAll('.message').length === 5);
  expect(Math.abs((await place()) - before)).toBeLessThan(3);
  expect(await page.inputValue('form[data-mode="reply"] [name="seenSequence"]')).toBe('4');
  await page.click('text=New message below');
  await page.waitForFunction(
    () => document.querySelector<HTMLInputElement>('[name="seenSequence"]')?.value === '5',
  );
});
