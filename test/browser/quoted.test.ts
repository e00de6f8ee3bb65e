// A customer's HTML beneath a reply, as a mail program lays it out: nothing of it gets out of the quote.
import type { Browser, Page } from 'playwright-core';
import { sanitizeHtml } from '../../server/lib/sanitize-html';
import { htmlFromText } from '../../server/mail/mail-text';
import { quotedHtml } from '../../server/mail/quote-html';
import { openBrowser } from '../support/browser';
import { HOSTILE_HTML } from '../support/hostile-html';

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await openBrowser();
  page = await browser.newPage();
}, 60_000);
afterAll(() => browser.close());

/** Elements and text that stand anywhere but in the words and in the quote. */
const outside = (html: string) =>
  page.evaluate((text) => {
    const shown = new DOMParser().parseFromString(text, 'text/html').body;
    const [words, quote, ...more] = shown.firstElementChild?.childNodes ?? [];
    const isWhole =
      shown.childNodes.length === 1 &&
      (words as Element).tagName === 'P' &&
      words?.textContent === 'Ours.' &&
      (quote as Element).tagName === 'BLOCKQUOTE' &&
      quote?.lastChild?.textContent === 'end';
    return isWhole && more.length === 0 ? '' : shown.innerHTML;
  }, html);

/** Elements put into one another without sense, the same each time. */
function* nonsense(count: number): Generator<string> {
  const tags =
    'table tbody tr td th caption colgroup h1 h2 div p ul li a b font center blockquote span pre'.split(' ');
  let seed = 7;
  const next = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const tree = (depth: number): string => {
    const tag = tags[next(tags.length)];
    const inner = Array.from({ length: next(4) }, () => (depth > 0 && next(3) > 0 ? tree(depth - 1) : 'x'));
    return `<${tag}>${inner.join('')}</${tag}>`;
  };
  for (let n = 0; n < count; n += 1) yield tree(6);
}

test.each(['<!DOCTYPE html>', ''])(
  'AC-31: hostile and senseless HTML stays within the quote, with "%s" in front',
  async (doctype) => {
    let quoted = 0;
    for (const html of [...HOSTILE_HTML, ...nonsense(3_000)]) {
      const quote = quotedHtml(sanitizeHtml(`${html}<i>end</i>`, 'rich'), () => 'picture@firm.example');
      if (!quote?.endsWith('<i>end</i>')) continue;
      quoted += 1;
      const mail = `${doctype}<html><body>${htmlFromText('Ours.', { quoteHtml: quote, mark: 'hd-1' })}</body></html>`;
      expect([quote, await outside(mail)]).toEqual([quote, '']);
    }
    expect(quoted).toBeGreaterThan(500);
  },
  120_000,
);
