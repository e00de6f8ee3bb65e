// How much of a mail is read. Beyond these it is read in part, and says so; the raw mail is kept whole (ABUSE AC-25, AC-26).

/** Bytes of one header block that are read, and its lines; the rest is passed over. */
export const LONGEST_HEADERS = 2_000_000;
export const MOST_HEADER_LINES = 20_000;
export const LONGEST_HEADER_LINE = 256_000;
/** Characters of one header value, of which addresses and ids are read. */
export const LONGEST_HEADER = 64_000;
export const MOST_ADDRESSES = 500;
export const MOST_REFERENCES = 100;

/** Parts in all, and multiparts within each other. */
export const MOST_PARTS = 1_000;
export const DEEPEST_PARTS = 30;

/** Characters of text that are kept of one mail, and of HTML that is looked at. */
export const LONGEST_TEXT = 512 * 1024;
export const LONGEST_HTML = 512 * 1024;
export const MOST_TAGS = 20_000;
/** Browsers stop at 512. */
export const DEEPEST_HTML = 256;

/** Quotes are looked for in so many characters of a text, and in so many of each line (ABUSE F8). */
export const LONGEST_FOLDED = 64 * 1024;
export const LONGEST_LINE = 2_000;

export type HtmlWeight = 'fine' | 'too long' | 'too many tags' | 'too deep';

/** What the start of an element ends by itself when it stands open on top. */
const ENDS: Record<string, string[]> = {
  p: ['p'],
  li: ['li'],
  tr: ['td', 'th', 'tr'],
  td: ['td', 'th'],
  th: ['td', 'th'],
  dt: ['dt', 'dd'],
  dd: ['dt', 'dd'],
  option: ['option'],
};
const NEVER_OPEN = new Set([
  'br',
  'hr',
  'img',
  'input',
  'meta',
  'link',
  'base',
  'wbr',
  'col',
  'area',
  'source',
  'param',
  'embed',
]);
const TAG = /<(\/?)([a-z][a-z0-9:-]{0,40})/gi;

/**
 * Whether HTML may be given to a library, which can stand still over it for seconds (F1 to F3). Linear: the stack it
 * keeps is never deeper than the limit. Tags inside comments count, so that nothing can be hidden there.
 */
export function weighHtml(html: string): HtmlWeight {
  if (html.length > LONGEST_HTML) return 'too long';
  const open: string[] = [];
  let tags = 0;
  for (const [, slash, written] of html.matchAll(TAG)) {
    if (++tags > MOST_TAGS) return 'too many tags';
    const name = (written as string).toLowerCase();
    if (slash) {
      const at = open.lastIndexOf(name);
      if (at !== -1) open.length = at;
    } else if (!NEVER_OPEN.has(name)) {
      const ended = Object.hasOwn(ENDS, name) ? ENDS[name] : undefined;
      while (ended?.includes(open.at(-1) ?? '')) open.pop();
      if (open.push(name) > DEEPEST_HTML) return 'too deep';
    }
  }
  return 'fine';
}

/** What is readable of HTML that nobody may parse: tags and line breaks gone, never slow. */
export function textOfHeavyHtml(html: string, most: number): string {
  const out: string[] = [];
  let length = 0;
  for (let at = 0; at < html.length && length < most; ) {
    const tag = html.indexOf('<', at);
    const piece = html
      .slice(at, tag === -1 ? undefined : tag)
      .replace(/\s+/g, ' ')
      .trim();
    if (piece !== '') length += out.push(piece.slice(0, most - length)) && piece.length + 1;
    if (tag === -1) break;
    const end = html.indexOf('>', tag);
    if (end === -1) break;
    at = end + 1;
  }
  return out
    .join('\n')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
