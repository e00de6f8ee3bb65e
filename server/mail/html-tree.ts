// A mail's HTML as a small tree that can be looked at, pruned and written again. Not safe: sanitising comes last (AC-03).
import { Parser } from 'htmlparser2';
import { tidy } from './mime/charset';

export interface HtmlElement {
  tag: string;
  attributes: Record<string, string>;
  children: HtmlNode[];
}

export interface HtmlText {
  text: string;
}

export type HtmlNode = HtmlElement | HtmlText;

export const isElement = (node: HtmlNode): node is HtmlElement => 'tag' in node;

/** What a reader of the mail never sees, contents included. */
const UNSEEN = new Set([
  ...[
    'script',
    'style',
    'title',
    'template',
    'noscript',
    'iframe',
    'object',
    'svg',
    'math',
    'audio',
    'video',
    'canvas',
  ],
  ...['textarea', 'select', 'datalist', 'xmp', 'noembed', 'noframes', 'plaintext'],
]);
const EMPTY = new Set([
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
  'track',
  'param',
  'embed',
]);

/** Takes what `weighHtml` let through: time and depth are bounded by that. */
export function readHtml(html: string): HtmlElement {
  const root: HtmlElement = { tag: '', attributes: {}, children: [] };
  const open: HtmlElement[] = [root];
  const top = () => open.at(-1) as HtmlElement;
  const parser = new Parser({
    onopentag(tag, attributes) {
      const element = { tag, attributes, children: [] };
      // An unseen element is opened, so that it can be closed, but hangs nowhere.
      if (!UNSEEN.has(tag) && !isHidden(attributes)) top().children.push(element);
      if (!EMPTY.has(tag)) open.push(element);
    },
    ontext(written) {
      // An entity may stand for a control character.
      const text = tidy(written);
      const last = top().children.at(-1);
      if (last && !isElement(last)) last.text += text;
      else top().children.push({ text });
    },
    onclosetag(tag) {
      if (!EMPTY.has(tag) && open.length > 1) open.pop();
    },
  });
  parser.end(html);
  return root;
}

/** Display none hides preview lines, trackers and bait alike; mail programs do not show it, so neither is it kept. */
function isHidden(attributes: Record<string, string>): boolean {
  const style = attributes['style'];
  return attributes['hidden'] !== undefined || (style !== undefined && /display\s*:\s*none/i.test(style));
}

/** The nodes that `keep` keeps, as HTML; elements of which nothing is kept go too. */
export function writeHtml(nodes: HtmlNode[], keep: (leaf: HtmlNode) => boolean): string {
  let out = '';
  for (const node of nodes) {
    if (!isElement(node)) {
      if (keep(node)) out += escapeHtml(node.text);
    } else if (node.children.length === 0) {
      if (keep(node)) out += startTag(node) + (EMPTY.has(node.tag) ? '' : `</${node.tag}>`);
    } else {
      const inner = writeHtml(node.children, keep);
      if (inner !== '') out += `${startTag(node)}${inner}</${node.tag}>`;
    }
  }
  return out;
}

function startTag({ tag, attributes }: HtmlElement): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeHtml(value)}"`);
  return `<${tag}${written.join('')}>`;
}

/** Text as HTML that shows it. */
export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
