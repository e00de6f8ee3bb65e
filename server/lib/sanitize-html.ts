// The one place that makes strangers' HTML safe to show (AC-01, AC-07, AC-08). It is the last step for HTML (AC-03).
//
// An allow-list on sanitize-html, never regular expressions. Its answer is fed to it again until nothing changes: what
// is stored is what the sanitiser would make of it, whichever way its parser and a browser's differ on sloppy input.
import sanitize from 'sanitize-html';
import { safeAttributes, safeNesting } from './sanitize-html/attributes';

export { hasRemoteImages, type ImageSources, shownContentIds, withImages } from './sanitize-html/images';

/** Raised whenever stored HTML has to be sanitised again. */
export const SANITISER_VERSION = 1;

/**
 * simple: text, links, lists, quotes and code, which may stand in a page of ours. rich: tables, pictures and colours
 * too, for a sandboxed frame of its own.
 */
export type HtmlPolicy = 'simple' | 'rich';

const SIMPLE_TAGS = [
  ...[
    'a',
    'b',
    'blockquote',
    'br',
    'code',
    'del',
    'div',
    'em',
    'hr',
    'i',
    'ins',
    'kbd',
    'li',
    'ol',
    'p',
    'pre',
    'q',
    's',
  ],
  ...['samp', 'small', 'span', 'strike', 'strong', 'sub', 'sup', 'tt', 'u', 'ul', 'var'],
];
const RICH_TAGS = [
  ...SIMPLE_TAGS,
  ...[
    'abbr',
    'big',
    'caption',
    'center',
    'cite',
    'col',
    'colgroup',
    'font',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'img',
  ],
  ...['mark', 'table', 'tbody', 'td', 'tfoot', 'th', 'thead', 'tr'],
];
const TAGS: Record<HtmlPolicy, string[]> = { simple: SIMPLE_TAGS, rich: RICH_TAGS };

/** After so many rounds of change nothing sensible is left; no mail was seen to need more than three. */
const MOST_ROUNDS = 6;

/** Never throws on any text. Takes what fits the caps of the caller: time grows with tags and depth (F2). */
export function sanitizeHtml(html: string, policy: HtmlPolicy): string {
  let before = html;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const after = sanitizeOnce(before, policy);
    if (after === before) return after;
    before = after;
  }
  return sanitize(before, { allowedTags: [], allowedAttributes: {} });
}

function sanitizeOnce(html: string, policy: HtmlPolicy): string {
  const nesting = safeNesting();
  return sanitize(html, {
    allowedTags: TAGS[policy],
    // Chosen and checked one by one in safeAttributes; this list is the second lock.
    allowedAttributes: ATTRIBUTES[policy],
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowProtocolRelative: false,
    allowedSchemesAppliedToAttributes: ['href'],
    nonTextTags: NOTHING_INSIDE,
    parseStyleAttributes: false,
    transformTags: {
      '*': (tag, given) => {
        const tagName = nesting.nameFor(tag);
        return { tagName, attribs: safeAttributes(tagName, given, policy) };
      },
    },
    onOpenTag: (tag) => nesting.opened(tag),
    onCloseTag: () => nesting.closed(),
    exclusiveFilter: ({ tag, attribs }) =>
      tag === 'img' && !attribs['data-cid'] && !attribs['data-remote-src'],
  });
}

/** Elements whose contents are not words. */
const NOTHING_INSIDE = [
  ...[
    'script',
    'style',
    'title',
    'template',
    'noscript',
    'noembed',
    'noframes',
    'iframe',
    'object',
    'applet',
    'textarea',
  ],
  ...['select', 'option', 'datalist', 'xmp', 'plaintext', 'svg', 'math', 'audio', 'video', 'canvas'],
];

const EVERYWHERE = ['dir', 'lang'];
const ATTRIBUTES: Record<HtmlPolicy, Record<string, string[]>> = {
  simple: { '*': EVERYWHERE, a: ['href', 'target', 'rel'], ol: ['start'] },
  rich: {
    '*': [...EVERYWHERE, 'style', 'align', 'valign', 'bgcolor', 'width', 'height'],
    a: ['href', 'target', 'rel'],
    ol: ['start', 'type'],
    font: ['color', 'face', 'size'],
    img: ['alt', 'data-cid', 'data-remote-src'],
    table: ['border', 'cellpadding', 'cellspacing'],
    td: ['colspan', 'rowspan'],
    th: ['colspan', 'rowspan'],
    col: ['span'],
    colgroup: ['span'],
  },
};

const TAG = /<([a-z0-9]+)([^>]*)>/g;

/** The narrowest policy under which sanitised rich HTML loses nothing that a reader would miss. */
export function policyFor(richHtml: string): HtmlPolicy {
  for (const [, tag, attributes] of richHtml.matchAll(TAG)) {
    if (!SIMPLE_TAGS.includes(tag as string)) return 'rich';
    const style = / style="([^"]*)"/.exec(attributes as string)?.[1];
    if (style !== undefined && !isOrdinary(style)) return 'rich';
  }
  return 'simple';
}

/** Fonts, spacing and near-black on white: every program writes them, and a page of ours has its own. */
const isOrdinary = (style: string) => style.split(';').every((declaration) => ORDINARY.test(declaration));
const ORDINARY =
  /^(font-family|font-size|font-variant|line-height|margin[a-z-]*|padding[a-z-]*|border-left[a-z-]*|border:(0|none|medium none)$|width|max-width|white-space:(normal|nowrap)|vertical-align|text-align:(left|start)|text-decoration:none|text-decoration-line:none|font-weight:(normal|400)|font-style:normal|color:(black|windowtext|#000|#000000|#([0-4][0-9a-f]){3}|rgb\((\d|[1-6]\d), ?(\d|[1-6]\d), ?(\d|[1-6]\d)\))$|background(-color)?:(white|#fff|#ffffff|transparent|rgb\(255, ?255, ?255\))$)/;

/**
 * For the start of the house: throws when the sanitiser lets something dangerous through, or nothing at all (AC-02).
 * A library that silently does nothing has been seen (F4).
 */
export function assertSanitiserWorks(sanitise: (html: string, policy: HtmlPolicy) => string): void {
  for (const policy of ['simple', 'rich'] as const) {
    for (const [html, forbidden] of SELF_TEST) {
      const out = sanitise(html, policy).toLowerCase();
      if (out.includes(forbidden))
        throw new Error(`The HTML sanitiser does not work: it let "${forbidden}" through.`);
      if (!out.includes('words'))
        throw new Error('The HTML sanitiser does not work: it swallows ordinary words.');
    }
  }
}

const SELF_TEST: [html: string, forbidden: string][] = [
  ['<p>words</p><img src=x onerror=1>', 'onerror'],
  ['<p>words</p><script>alert(1)</script>', 'script'],
  ['<a href="javascript:alert(1)">words</a>', 'javascript'],
  ['<p style="background:url(//x)">words</p>', 'url('],
  ['words<svg><style><img src=x onload=1></style></svg>', 'onload'],
  ['words<iframe src="https://example.com"></iframe>', 'iframe'],
  ['<b onclick=1>words</b>', 'onclick'],
];
