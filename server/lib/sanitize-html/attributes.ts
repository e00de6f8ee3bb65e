// Which attributes survive, checked value by value, and how elements may stand within each other.

const LONGEST_ADDRESS = 8_000;
const NUMBER = /^\d{1,4}$/;
const LENGTH = /^\d{1,4}(px|%)?$/;
const COLOUR = /^(#[0-9a-f]{3,8}|[a-z]{3,25})$/i;

type Check = (value: string) => string | undefined;

const matching =
  (pattern: RegExp): Check =>
  (value) =>
    pattern.test(value) ? value : undefined;
const oneOf = (...values: string[]): Check => {
  const known = new Set(values);
  return (value) => (known.has(value.toLowerCase()) ? value.toLowerCase() : undefined);
};

/** Links that leave for the web, a mail program or a telephone; relative ones would lead into our own pages. */
const linkAddress: Check = (value) => {
  const address = value.trim().replace(/[\t\r\n]/g, '');
  if (address.length > LONGEST_ADDRESS || /\p{Cc}/u.test(address)) return undefined;
  return /^(https?:\/\/[^\s/\\]|mailto:|tel:)/i.test(address) ? address : undefined;
};

/** Where a picture lies on the web; kept beside the image, never as its source (AC-08). */
const remoteAddress: Check = (value) => {
  const address = value
    .trim()
    .replace(/[\t\r\n]/g, '')
    .replace(/^\/\//, 'https://');
  if (address.length > LONGEST_ADDRESS || /[\p{Cc} "'<>`\\]/u.test(address)) return undefined;
  return /^https?:\/\/[^/]/i.test(address) ? address : undefined;
};

const contentId: Check = (value) => (/^[^\s\p{Cc}<>"'`&]{1,250}$/u.test(value) ? value : undefined);

const ANY: Record<string, Check> = {
  dir: oneOf('ltr', 'rtl', 'auto'),
  lang: matching(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i),
};
const RICH: Record<string, Check> = {
  ...ANY,
  style: safeStyle,
  align: oneOf('left', 'right', 'center', 'justify'),
  valign: oneOf('top', 'middle', 'bottom', 'baseline'),
  bgcolor: matching(COLOUR),
  width: matching(LENGTH),
  height: matching(LENGTH),
};
const OF_TAG: Record<string, Record<string, Check>> = {
  ol: { start: matching(NUMBER), type: matching(/^[1aAiI]$/) },
  font: { color: matching(COLOUR), face: matching(/^[\w ,'-]{1,200}$/), size: matching(/^[+-]?[1-7]$/) },
  table: { border: matching(NUMBER), cellpadding: matching(NUMBER), cellspacing: matching(NUMBER) },
  td: { colspan: matching(NUMBER), rowspan: matching(NUMBER) },
  th: { colspan: matching(NUMBER), rowspan: matching(NUMBER) },
  col: { span: matching(NUMBER) },
  colgroup: { span: matching(NUMBER) },
};

/** The attributes that stay on an element, in a fixed order of our own. */
export function safeAttributes(
  tag: string,
  given: Record<string, string>,
  policy: 'simple' | 'rich',
): Record<string, string> {
  const kept: Record<string, string> = {};
  if (tag === 'a') Object.assign(kept, link(given));
  if (tag === 'img') Object.assign(kept, image(given));
  const general = policy === 'rich' ? RICH : ANY;
  const own = Object.hasOwn(OF_TAG, tag) ? OF_TAG[tag] : undefined;
  for (const [name, check] of Object.entries({ ...general, ...own })) {
    const value = Object.hasOwn(given, name) ? check(given[name] as string) : undefined;
    if (value) kept[name] = value;
  }
  return kept;
}

function link(given: Record<string, string>): Record<string, string> {
  const href = linkAddress(given['href'] ?? '');
  return href ? { href, target: '_blank', rel: 'noopener noreferrer nofollow' } : {};
}

/** A picture of the mail itself is known by its id, one on the web by its address; both wait for `withImages`. */
function image(given: Record<string, string>): Record<string, string> {
  const source = (given['src'] ?? '').trim();
  const alt = { alt: (given['alt'] ?? '').replace(/\p{Cc}/gu, ' ') };
  const cid = contentId(/^cid:/i.test(source) ? decodeId(source.slice(4)) : (given['data-cid'] ?? ''));
  if (cid) return { ...alt, 'data-cid': cid };
  const remote = remoteAddress(source || (given['data-remote-src'] ?? ''));
  return remote && !isTracker(given) ? { ...alt, 'data-remote-src': remote } : alt;
}

/** One point wide or high: nothing to see, somebody counting. */
const isTracker = (given: Record<string, string>) =>
  ['width', 'height'].every((side) => /^[01](px)?$/.test(given[side] ?? ''));

/** RFC 2392: an id in an address may be percent-coded. A stray % is itself. */
const decodeId = (text: string) =>
  text.replace(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const SIZE = String.raw`(0|auto|normal|inherit|\d{1,4}(\.\d{1,6})?(px|pt|pc|em|ex|rem|cm|mm|in|%)?)`;
const SIZES = new RegExp(`^${SIZE}( ${SIZE}){0,3}$`);
const TONE = String.raw`(#[0-9a-f]{3,8}|[a-z]{3,25}|rgba?\([\d., %]{5,40}\)|hsla?\([\d., %deg]{5,40}\))`;
const TONES = new RegExp(`^${TONE}$`);
const LINES = new RegExp(`^(${SIZE}|${TONE}|thin|medium|thick)( (${SIZE}|${TONE}|thin|medium|thick)){0,3}$`);
const NAME = String.raw`( ?"[\w .-]{1,60}"| ?'[\w .-]{1,60}'|[\w -]{1,60})`;
const NAMES = new RegExp(`^${NAME}(,${NAME}){0,15}$`);
const WORD = /^[a-z0-9 -]{1,60}$/;

/** Colour, font, size, border, padding; nothing that moves, hides, overlays or fetches (AC-07). */
const STYLES: Record<string, RegExp> = {
  color: TONES,
  'background-color': TONES,
  background: TONES,
  'font-family': NAMES,
  'font-size': new RegExp(`^(${SIZE}|(xx?-|)(small|large)|medium|smaller|larger)$`),
  'font-style': WORD,
  'font-weight': WORD,
  'font-variant': WORD,
  'text-align': WORD,
  'text-decoration': WORD,
  'text-decoration-line': WORD,
  'text-transform': /^(none|uppercase|lowercase|capitalize)$/,
  'vertical-align': WORD,
  'line-height': SIZES,
  'white-space': /^(normal|nowrap|pre|pre-wrap|pre-line)$/,
  width: SIZES,
  'max-width': SIZES,
  'border-collapse': WORD,
  'border-spacing': SIZES,
  'border-radius': SIZES,
};
const EDGES = /^(border|padding|margin)(-(top|right|bottom|left))?(-(width|style|color))?$/;

function safeStyle(style: string): string | undefined {
  const kept: string[] = [];
  for (const declaration of style.slice(0, 4_000).split(';')) {
    const colon = declaration.indexOf(':');
    if (colon < 1) continue;
    const name = declaration.slice(0, colon).trim().toLowerCase();
    const value = declaration
      .slice(colon + 1)
      .trim()
      .replace(/\s+/g, ' ')
      .replace(/ ?!important$/i, '');
    const written = name === 'font-family' ? value : value.toLowerCase();
    const pattern = Object.hasOwn(STYLES, name) ? STYLES[name] : EDGES.test(name) ? LINES : undefined;
    if (pattern?.test(written)) kept.push(`${name}:${written}`);
  }
  return kept.join(';') || undefined;
}

/**
 * Renames elements that a browser would close at another place than the sanitiser's parser does. A second <li> closes
 * the first together with any <div> open in it, and the div's own end would then close one of our page's. `opened` and
 * `closed` are called for every element, `nameFor` after `opened` for those that may stay.
 */
export function safeNesting() {
  const open: string[] = [];
  const above = (...tags: string[]) => open.findLast((tag, at) => at < open.length - 1 && tags.includes(tag));
  return {
    opened(tag: string): void {
      open.push(tag);
    },
    nameFor(tag: string): string {
      if (tag === 'li' && above('li', 'ul', 'ol') === 'li') return 'div';
      return tag === 'a' && above('a') ? 'span' : tag;
    },
    closed(): void {
      open.pop();
    },
  };
}
