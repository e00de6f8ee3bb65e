// What elements mean in the HTML that mail programs write: blocks, quotes, signatures, the beginning of the history.
import { type HtmlElement, isElement } from '../html-tree';
import type { Line } from './line';
import { isForwardMark, plainLine } from './marks';

/** What the elements around a leaf say of its line. */
export type Around = Pick<Line, 'quoted' | 'indented' | 'attribution' | 'signature'> & {
  preformatted?: boolean;
};

/** These begin on a line of their own and end it. */
const BLOCKS = new Set([
  ...[
    'address',
    'article',
    'aside',
    'blockquote',
    'body',
    'caption',
    'center',
    'dd',
    'div',
    'dl',
    'dt',
    'fieldset',
    'figure',
  ],
  ...[
    'footer',
    'form',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'header',
    'html',
    'li',
    'main',
    'nav',
    'ol',
    'p',
    'pre',
    'section',
  ],
  ...['table', 'tbody', 'tfoot', 'thead', 'tr', 'ul'],
]);
/** These have a blank line above and below. */
const SPACED = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'pre', 'blockquote', 'table']);

/** Boxes in which Yahoo, Tutanota, Zoho, Mail.ru, QQ, Android and others put the whole history. */
const HISTORY = new Set([
  ...[
    'yahoo_quoted',
    'tutanota_quote',
    'zmail_extra',
    'mailru-blockquote',
    'mail_android_quote',
    'appleoriginalcontents',
  ],
  ...[
    'gmail_quote',
    'protonmail_quote',
    'moz-cite',
    'isreplycontent',
    'replaybody',
    'hey_quote',
    'mail-quote',
    'quoted-mail',
  ],
]);
/** Elements after which all is history: Outlook on the web, on telephones, on the Mac, Hotmail. */
const CUTS = new Set([
  ...[
    'divrplyfwdmsg',
    'appendonsend',
    'stopspelling',
    'olk_src_body_section',
    'ms-outlook-mobile-reference-message',
  ],
  ...['mail-editor-reference-message-container', 'mailcontainerbodyquote'],
]);
const ATTRIBUTIONS = new Set([
  'gmail_attr',
  'moz-cite-prefix',
  'reply-intro',
  'hey_attribution',
  'mail_quote_header',
]);
const SIGNATURE = /(^|[-_])signature([-_]|$)|^applemailsignature|^zm_signature/;

export const isBlock = (element: HtmlElement) => BLOCKS.has(element.tag);

/** Outlook's paragraphs, and others without margin, stand line under line. */
export function isSpaced(element: HtmlElement): boolean {
  if (!SPACED.has(element.tag) || namesOf(element).some((name) => name.startsWith('mso'))) return false;
  return !/margin(-top|-bottom)?\s*:\s*0/i.test(styleOf(element));
}

export function surroundings(element: HtmlElement): Around {
  const names = namesOf(element);
  const around: Around = {};
  if (names.some((name) => SIGNATURE.test(name))) around.signature = true;
  if (names.some((name) => ATTRIBUTIONS.has(name)) && !passesOn(element)) around.attribution = true;
  if (element.tag === 'pre' || /white-space\s*:\s*pre/i.test(styleOf(element))) around.preformatted = true;
  if (element.tag === 'blockquote') Object.assign(around, quoting(element, names));
  else if (names.some((name) => HISTORY.has(name) && !MIXED.has(name)) && !passesOn(element))
    around.quoted = true;
  return around;
}

/** Gmail's and Proton's boxes also hold answers written between the quotes; their blockquotes tell which is which. */
const MIXED = new Set(['gmail_quote', 'protonmail_quote']);

/** A blockquote of a mail program, or one that a person may have made to set something in. */
function quoting(element: HtmlElement, names: string[]): Around {
  const style = styleOf(element);
  const isMarked = element.attributes['type'] === 'cite' || element.attributes['cite'] !== undefined;
  if (isMarked || names.some((name) => HISTORY.has(name)) || /border-left/i.test(style))
    return { quoted: true };
  // What Gmail's and Outlook's "indent" button makes.
  return /border\s*:\s*(none|0)/i.test(style) ? {} : { indented: true };
}

/** Whether from this element on all is history. */
export function isCut(element: HtmlElement): boolean {
  if (namesOf(element).some((name) => CUTS.has(name))) return true;
  // Outlook on Windows draws a thin line above its header block.
  const style = styleOf(element);
  return (
    element.tag === 'div' &&
    /border\s*:\s*none/i.test(style) &&
    /border-top\s*:\s*solid\s+#(e1e1e1|b5c4df)/i.test(style)
  );
}

/** Whether the element begins by saying that it passes a mail on. */
function passesOn(element: HtmlElement): boolean {
  return firstTexts(element, 4).some((text) => isForwardMark(plainLine(text)));
}

function firstTexts(element: HtmlElement, most: number): string[] {
  const texts: string[] = [];
  for (const node of element.children) {
    if (texts.length >= most) break;
    if (isElement(node)) texts.push(...firstTexts(node, most - texts.length));
    else if (node.text.trim() !== '') texts.push(node.text);
  }
  return texts;
}

/** Classes and id in lower case; Outlook puts x_ before those of others. */
function namesOf(element: HtmlElement): string[] {
  const { class: classes = '', id = '' } = element.attributes;
  if (classes === '' && id === '') return [];
  return `${classes} ${id}`
    .slice(0, 500)
    .toLowerCase()
    .split(/\s+/)
    .map((name) => name.replace(/^(x_)+/, ''));
}

const styleOf = (element: HtmlElement) => (element.attributes['style'] ?? '').slice(0, 1_000);

/** Texts of preformatted elements are cut after each line break, so that a leaf never stands on two lines. */
export function splitPreformatted(element: HtmlElement): void {
  element.children = element.children.flatMap((node) =>
    isElement(node) || !node.text.includes('\n')
      ? [node]
      : node.text.split(/(?<=\n)/).map((text) => ({ text })),
  );
}
