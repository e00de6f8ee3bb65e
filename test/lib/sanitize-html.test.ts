// What strangers' HTML becomes, asked of a real browser's parser.
import { type Browser, chromium, type Page } from 'playwright-core';
import {
  assertSanitiserWorks,
  hasRemoteImages,
  policyFor,
  SANITISER_VERSION,
  sanitizeHtml,
  shownContentIds,
  withImages,
} from '../../server/lib/sanitize-html';
import { HOSTILE_HTML } from '../support/hostile-html';

const POLICIES = ['simple', 'rich'] as const;
const ALL = POLICIES.flatMap((policy) =>
  HOSTILE_HTML.map((html) => ({ policy, html, out: sanitizeHtml(html, policy) })),
);

describe('in a browser', () => {
  let browser: Browser;
  let page: Page;
  const requests: string[] = [];
  const dialogs: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    page = await browser.newPage();
    await page.setContent('<!DOCTYPE html><title>empty</title>');
    page.on('request', (request) => requests.push(request.url()));
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
  });
  afterAll(() => browser.close());

  test('AC-01: of more than 200 attacks nothing runs, is fetched, or keeps a forbidden element or attribute', async () => {
    expect(new Set(HOSTILE_HTML).size).toBeGreaterThanOrEqual(200);
    const found = await page.evaluate(
      inspect,
      ALL.map(({ out }) => out),
    );

    expect(found.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
    expect(requests).toEqual([]);
    expect(dialogs).toEqual([]);
  });

  test('AC-07: no HTML leaves the element that it stands in', async () => {
    const escaped = await page.evaluate(
      staysInside,
      ALL.map(({ out }) => out),
    );

    expect(escaped.map((at) => ALL[at])).toEqual([]);
  });

  test('the inspection itself finds what it looks for', async () => {
    const found = await page.evaluate(inspect, [
      '<b onclick="x()">a</b>',
      '<a href="javascript:x()">a</a>',
      '<style>x</style>',
    ]);

    expect(found.map(({ wrong }) => wrong.length)).toEqual([1, 1, 1]);
    expect(await page.evaluate(staysInside, ['<b>in</b>', '</div></section>out'])).toEqual([1]);
  });
});

test('AC-03: what was sanitised stays as it is when it is sanitised again', () => {
  for (const { policy, html, out } of ALL) expect([html, sanitizeHtml(out, policy)]).toEqual([html, out]);
});

test('AC-03: random tag soup comes to rest too', () => {
  const pieces = [
    '<div>',
    '</div>',
    '<p>',
    '</p>',
    '<li>',
    '<ul>',
    '</ul>',
    '<b>',
    '</b>',
    '<a href="https://x.no">',
    '</a>',
    'x',
  ];
  pieces.push(
    '<table>',
    '<tr>',
    '<td>',
    '</td>',
    '</table>',
    '<font color=red>',
    '<center>',
    '<svg>',
    '<style>',
    '</style>',
    '&lt;',
  );
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let round = 0; round < 1_500; round++) {
    const html = Array.from({ length: 3 + random(25) }, () => pieces[random(pieces.length)]).join('');
    for (const policy of POLICIES) {
      const out = sanitizeHtml(html, policy);
      expect([html, sanitizeHtml(out, policy)]).toEqual([html, out]);
    }
  }
});

describe('AC-02: the self-test', () => {
  test('passes with the real sanitiser', () => {
    expect(() => assertSanitiserWorks(sanitizeHtml)).not.toThrow();
  });

  test('refuses one that does nothing, as a library was seen to', () => {
    expect(() => assertSanitiserWorks((html) => html)).toThrow('let "onerror" through');
  });

  test('refuses one that forgets a part, and one that swallows everything', () => {
    expect(() => assertSanitiserWorks((html) => html.replace(/onerror|<script.*script>/g, ''))).toThrow(
      'does not work',
    );
    expect(() => assertSanitiserWorks(() => '')).toThrow('swallows ordinary words');
  });
});

describe('what stays', () => {
  test('ordinary writing is kept', () => {
    const html =
      '<p dir="rtl" lang="he">Hi <b>you</b>, <i>it</i> is<br>here:</p><ul><li>one</li><li>two</li></ul><blockquote><pre>a  b</pre></blockquote>';

    expect(sanitizeHtml(html, 'simple')).toBe(html.replace('<br>', '<br />'));
  });

  test('AC-08: links leave by themselves and take nothing along', () => {
    expect(sanitizeHtml('<a href="https://example.com/?a=1&amp;b=2">x</a>', 'simple')).toBe(
      '<a href="https://example.com/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow">x</a>',
    );
    for (const address of ['mailto:anna@example.com?subject=a b', 'tel:+4722334455', 'http://example.com/']) {
      expect(sanitizeHtml(`<a href="${address}">x</a>`, 'simple')).toContain(`href="${address}"`);
    }
    for (const address of [
      '/settings',
      'settings',
      '#top',
      '?a',
      'ftp://example.com',
      'https:\\\\example.com',
    ]) {
      expect(sanitizeHtml(`<a href="${address}">x</a>`, 'simple')).toBe('<a>x</a>');
    }
  });

  test('AC-07: of styles only colour, font, size, border and padding are kept', () => {
    const style =
      'color: red; font-family: "Open Sans", Arial; font-size: 11.0pt; position: fixed; background: url(x); border-left: 1px solid #CCC; padding: 0 4px; margin: -5px; margin-top: 4px; display: block; opacity: 0';

    expect(sanitizeHtml(`<p style='${style}'>x</p>`, 'rich')).toBe(
      '<p style="color:red;font-family:&quot;Open Sans&quot;, Arial;font-size:11.0pt;border-left:1px solid #ccc;padding:0 4px;margin-top:4px">x</p>',
    );
    expect(sanitizeHtml(`<p style='${style}'>x</p>`, 'simple')).toBe('<p>x</p>');
  });

  test('AC-07: ids, names, classes and data attributes go', () => {
    expect(
      sanitizeHtml('<p id="a" name="b" class="c" data-x="d" title="e" aria-label="f">x</p>', 'rich'),
    ).toBe('<p>x</p>');
  });
});

describe('AC-08: pictures', () => {
  const html =
    '<p><img src="cid:photo%40example.com" alt="A &quot;photo&quot;" width="40"><img src="https://example.com/a.png?b=1&amp;c=2"></p>';
  const stored = sanitizeHtml(html, 'rich');

  test('are stored without any source', () => {
    expect(stored).toBe(
      '<p><img alt="A &quot;photo&quot;" data-cid="photo@example.com" width="40" /><img alt="" data-remote-src="https://example.com/a.png?b=1&amp;c=2" /></p>',
    );
    expect(hasRemoteImages(stored)).toBe(true);
    expect([...shownContentIds(stored)]).toEqual(['photo@example.com']);
  });

  test('of the mail itself get our address, remote ones only on wish', () => {
    const cid = (id: string) => (id === 'photo@example.com' ? '/files/1?a="<' : undefined);

    const here = withImages(stored, { cid, remote: false });
    expect(here).toContain('src="/files/1?a=&quot;&lt;"');
    expect(here).not.toContain(' src="https:');

    const wished = withImages(stored, { cid: () => undefined, remote: true });
    expect(wished).toContain(' src="https://example.com/a.png?b=1&amp;c=2" referrerpolicy="no-referrer"');
    expect(wished).toContain('data-cid="photo@example.com" width="40" />');
  });

  test('AC-03: what withImages adds is gone again when its result is sanitised', () => {
    const shown = withImages(stored, { cid: () => '/files/1', remote: true });

    expect(sanitizeHtml(shown, 'rich')).not.toMatch(/ src=/);
  });

  test('counting pixels, data and addresses that are none leave nothing', () => {
    for (const img of [
      '<img src="https://example.com/t.gif" width="1" height="1">',
      '<img src="data:image/svg+xml,x">',
      '<img src="photo.png">',
      '<img data-remote-src="javascript:x">',
      '<img alt="only words">',
    ]) {
      expect(sanitizeHtml(img, 'rich')).toBe('');
    }
  });
});

describe('which policy fits', () => {
  test.each([
    ['a letter', '<div dir="ltr">Hello<br><ul><li>one</li></ul></div>', 'simple'],
    [
      'fonts that every program writes',
      '<p style="font-family:Calibri;font-size:11pt;margin:0;color:black">x</p>',
      'simple',
    ],
    ['near-black', '<span style="color:rgb(34, 34, 34)">x</span>', 'simple'],
    ['answers in red', '<span style="color:red">x</span>', 'rich'],
    ['a table', '<table><tr><td>x</td></tr></table>', 'rich'],
    ['a picture', '<img src="cid:a">', 'rich'],
    ['kept blanks', '<div style="white-space:pre-wrap">a  b</div>', 'rich'],
  ])('%s', (_, html, policy) => {
    expect(policyFor(sanitizeHtml(html, 'rich'))).toBe(policy);
  });
});

test('the version is a whole number that can be compared', () => {
  expect(Number.isInteger(SANITISER_VERSION)).toBe(true);
});

/** Runs in the page: what is left in each HTML that must not be there. */
function inspect(outs: string[]): { at: number; wrong: string[] }[] {
  const tags = new Set(
    'A ABBR B BIG BLOCKQUOTE BR CAPTION CENTER CITE CODE COL COLGROUP DEL DIV EM FONT H1 H2 H3 H4 H5 H6 HR I IMG INS KBD LI MARK OL P PRE Q S SAMP SMALL SPAN STRIKE STRONG SUB SUP TABLE TBODY TD TFOOT TH THEAD TR TT U UL VAR'.split(
      ' ',
    ),
  );
  const attributes = new Set(
    'href target rel dir lang style align valign bgcolor width height start type color face size alt data-cid data-remote-src border cellpadding cellspacing colspan rowspan span'.split(
      ' ',
    ),
  );
  const bad = /url\(|expression|position|javascript|@import|\\|z-index|transform/i;
  return outs.map((html, at) => {
    const box = document.createElement('div');
    document.body.append(box);
    box.innerHTML = html;
    const wrong: string[] = [];
    for (const element of box.querySelectorAll('*')) {
      if (!tags.has(element.tagName) || element.namespaceURI !== 'http://www.w3.org/1999/xhtml')
        wrong.push(element.tagName);
      for (const { name, value } of element.attributes) {
        if (!attributes.has(name)) wrong.push(`${element.tagName} ${name}`);
        if (name === 'style' && bad.test(value)) wrong.push(value);
        if (
          name === 'href' &&
          !['http:', 'https:', 'mailto:', 'tel:'].includes((element as HTMLAnchorElement).protocol)
        )
          wrong.push(value);
        if (name === 'data-remote-src' && !/^https?:/.test(value)) wrong.push(value);
      }
    }
    box.remove();
    return { at, wrong };
  });
}

/** Runs in the page: which of the HTMLs close more than they opened. */
function staysInside(outs: string[]): number[] {
  return outs.flatMap((html, at) => {
    const page = new DOMParser().parseFromString(
      `<!DOCTYPE html><body><ol><li id="item"><section id="outer"><div id="box">${html}</div><i id="after"></i></section></li></ol>`,
      'text/html',
    );
    const outer = page.getElementById('outer');
    const isWhole =
      outer?.children.length === 2 && outer.children[1]?.id === 'after' && outer.parentElement?.id === 'item';
    return isWhole && page.body.children.length === 1 && page.querySelectorAll('body > ol > li').length === 1
      ? []
      : [at];
  });
}
