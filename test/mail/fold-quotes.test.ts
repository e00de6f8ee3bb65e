// M12: new words, quoted history and signature apart, as text and as HTML, by the same rules.
import { foldHtml, foldText, isForwardSubject } from '../../server/mail/fold-quotes';
import { readHtml } from '../../server/mail/html-tree';
import { HTML_MAILS } from '../support/quoted-html';
import { TEXT_MAILS } from '../support/quoted-text';

const flat = (text: string) => text.replace(/\s+/g, ' ').trim();

describe('text', () => {
  test.each(TEXT_MAILS.map((mail) => [mail.name, mail] as const))('M12: %s', (_, mail) => {
    const folded = foldText(mail.body, { isForward: isForwardSubject(mail.subject ?? 'Re: Invoice') });

    expect(folded.words).toBe(mail.words);
    expect(folded.signature).toBe(mail.signature ?? '');
    if (mail.folded) expect(folded.quote).toContain(mail.folded);
    else expect(folded.quote).toBe('');
  });

  test('M12: nothing is lost, whichever part it went to', () => {
    for (const { body } of TEXT_MAILS) {
      const { words, quote, signature } = foldText(body);
      const letters = (text: string) => [...text.replace(/\s/g, '')].sort().join('');
      expect(letters(words + quote + signature)).toBe(letters(body));
    }
  });

  test('M12: in a text longer than 64 kB what follows belongs to where the last line looked at does', () => {
    const long = 'history '.repeat(20_000);
    const { words, quote } = foldText(`Hello\n\nOn 4 Mar 2024, at 10:11, Anna wrote:\n\n> a\n> ${long}`);

    expect(words).toBe('Hello');
    expect(quote.endsWith(long.trimEnd())).toBe(true);
    expect(foldText(long).words).toBe(long.trimEnd());
  });
});

describe('HTML', () => {
  test.each(HTML_MAILS.map((mail) => [mail.name, mail] as const))('M12: %s', (_, mail) => {
    const folded = foldHtml(readHtml(mail.body), {
      isForward: isForwardSubject(mail.subject ?? 'Re: Invoice'),
    });

    expect(folded.text.words).toBe(mail.words);
    expect(folded.text.signature).toBe(mail.signature ?? '');
    if (!mail.folded) return expect(folded.html.quote).toBe('');
    expect(flat(folded.text.quote)).toContain(flat(mail.folded));
    expect(folded.html.quote).toContain(mail.folded);
    expect(folded.html.words).not.toContain(mail.folded);
  });

  test('M12: the HTML says the same as the text made of it', () => {
    for (const { body } of HTML_MAILS) {
      const { html, text } = foldHtml(readHtml(body));
      for (const part of ['words', 'quote', 'signature'] as const) {
        const again = foldHtml(readHtml(html[part]), { isForward: true }).text;
        expect(flat(again.words + again.signature)).toBe(flat(text[part]));
      }
    }
  });

  test('M12: a picture that is the whole answer is kept with the words', () => {
    const mail = HTML_MAILS.find(({ name }) => name.startsWith('a picture'));
    const { html } = foldHtml(readHtml(mail?.body ?? ''));

    expect(html.words).toContain('cid:photo@example.com');
    expect(html.quote).not.toContain('cid:photo@example.com');
  });
});

test('M12: text and HTML of one mail agree', () => {
  const texts = new Map(TEXT_MAILS.map((mail) => [mail.name, mail]));
  const both = HTML_MAILS.filter(({ name }) => texts.has(name));
  expect(both.length).toBeGreaterThan(40);
  for (const { name, body } of both) {
    const text = foldText(texts.get(name)?.body ?? '');
    const html = foldHtml(readHtml(body)).text;
    expect([name, flat(html.words)]).toEqual([name, flat(text.words.replace(/^> ?/gm, ''))]);
  }
});

test('the corpora are as wide as promised', () => {
  expect(TEXT_MAILS.length).toBeGreaterThanOrEqual(60);
  expect(HTML_MAILS.length).toBeGreaterThanOrEqual(60);
});
