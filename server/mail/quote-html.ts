// A customer's sanitised HTML as the history beneath a reply (O2): pictures of the mail go along, those on the web do not.
import { escapeHtml, type HtmlElement, type HtmlNode, isElement, readHtml } from './html-tree';

/** What stands in a table, and what it may stand in. */
const PARENTS: Record<string, string[]> = {
  caption: ['table'],
  colgroup: ['table'],
  col: ['table', 'colgroup'],
  thead: ['table'],
  tbody: ['table'],
  tfoot: ['table'],
  tr: ['table', 'thead', 'tbody', 'tfoot'],
  td: ['tr'],
  th: ['tr'],
};
/** What may stand in these is in the list above, and nothing else is. */
const ONLY_PARTS = new Set(['table', 'colgroup', 'thead', 'tbody', 'tfoot', 'tr']);
const HEADING = /^h[1-6]$/;
const VOID = new Set(['br', 'hr', 'img', 'col']);

/**
 * Takes what `sanitizeHtml` returned. `pictureId` says under which Content-ID a picture of the mail goes along; one without
 * is left out, and so is every picture on the web, because whoever opens the reply would be counted there. Undefined when a
 * mail program could end the quote before its end: words of the customer would stand there as ours (AC-31).
 */
export function quotedHtml(
  html: string,
  pictureId: (contentId: string) => string | undefined,
): string | undefined {
  const root = readHtml(html);
  return staysWithin(root.children, root, false) ? written(root.children, pictureId) : undefined;
}

/**
 * Browsers close elements of their own accord: a table at the next one directly within it, a heading at the next heading. The
 * end tags that are left over then close what is around the quote.
 */
function staysWithin(nodes: HtmlNode[], parent: HtmlElement, inHeading: boolean): boolean {
  return nodes.every((node) => {
    if (!isElement(node)) return !ONLY_PARTS.has(parent.tag) || node.text.trim() === '';
    const parents = Object.hasOwn(PARENTS, node.tag) ? PARENTS[node.tag] : undefined;
    if (parents ? !parents.includes(parent.tag) : ONLY_PARTS.has(parent.tag)) return false;
    const isHeading = HEADING.test(node.tag);
    return !(isHeading && inHeading) && staysWithin(node.children, node, inHeading || isHeading);
  });
}

function written(nodes: HtmlNode[], pictureId: (contentId: string) => string | undefined): string {
  return nodes
    .map((node) => {
      if (!isElement(node)) return escapeHtml(node.text);
      const { 'data-cid': contentId, 'data-remote-src': _remote, ...attributes } = node.attributes;
      if (node.tag !== 'img') return element(node.tag, attributes, written(node.children, pictureId));
      const id = contentId === undefined ? undefined : pictureId(contentId);
      return id === undefined ? '' : element('img', { src: `cid:${id}`, ...attributes }, '');
    })
    .join('');
}

function element(tag: string, attributes: Record<string, string>, inner: string): string {
  const names = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeHtml(value)}"`);
  return `<${tag}${names.join('')}>${VOID.has(tag) ? '' : `${inner}</${tag}>`}`;
}
