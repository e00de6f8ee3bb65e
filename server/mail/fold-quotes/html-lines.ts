// The lines that a reader of HTML sees, each with the leaves of the tree it is made of and what stands around it.
import { type HtmlElement, type HtmlNode, isElement } from '../html-tree';
import { type Around, isBlock, isCut, isSpaced, splitPreformatted, surroundings } from './html-marks';
import type { Line } from './line';

export interface HtmlLine extends Line {
  leaves: HtmlNode[];
}

/** Every leaf of the tree (texts, and elements without children) belongs to exactly one line. */
export function linesOfHtml(root: HtmlElement): HtmlLine[] {
  const writer = new LineWriter();
  walk(root, writer, {});
  return writer.lines;
}

function walk(element: HtmlElement, writer: LineWriter, outside: Around): void {
  const around = { ...outside, ...surroundings(element) };
  if (around.preformatted) splitPreformatted(element);
  for (const node of element.children) {
    if (!isElement(node)) {
      writer.addText(node, node.text, around);
      continue;
    }
    if (isCut(node)) writer.cut();
    if (node.children.length === 0) addLeaf(node, writer, around);
    else walkInto(node, writer, around);
  }
}

function walkInto(element: HtmlElement, writer: LineWriter, around: Around): void {
  const space = isSpaced(element) ? 1 : 0;
  if (isBlock(element)) writer.breakLine(space);
  if (element.tag === 'li') writer.prefix('- ');
  if (element.tag === 'td' || element.tag === 'th') writer.gap();
  walk(element, writer, around);
  if (isBlock(element)) writer.breakLine(space);
}

function addLeaf(element: HtmlElement, writer: LineWriter, around: Around): void {
  if (element.tag === 'br') {
    writer.endLine(element, around);
  } else if (element.tag === 'img') {
    const isOwn = /^(cid|data):/i.test(element.attributes['src'] ?? '');
    writer.add(element, '', isOwn ? { ...around, picture: true } : around);
  } else if (element.tag === 'hr') {
    writer.breakLine(0);
    writer.add(element, '', { ...around, rule: true });
    writer.breakLine(0);
  } else {
    if (isBlock(element)) writer.breakLine(0);
    writer.attach(element);
  }
}

class LineWriter {
  readonly lines: HtmlLine[] = [];
  private line: HtmlLine | undefined;
  private spaceDue = 0;
  private prefixDue = '';
  private cutDue = false;
  private unattached: HtmlNode[] = [];

  addText(leaf: HtmlNode, text: string, around: Around): void {
    if (around.preformatted) {
      this.add(leaf, text.replace(/\n$/, ''), around);
      if (text.endsWith('\n')) this.line = undefined;
      return;
    }
    const shown = text.replace(/\s+/g, ' ');
    if (shown.trim() === '' && !this.line) this.attach(leaf);
    else this.add(leaf, shown, around);
  }

  /** What shows nothing, like blanks between blocks, makes no line; it belongs to the one before it. */
  attach(leaf: HtmlNode): void {
    const leaves = (this.line ?? this.lines.at(-1))?.leaves ?? this.unattached;
    leaves.push(leaf);
  }

  add(leaf: HtmlNode, text: string, around: Around & { rule?: boolean; picture?: boolean }): void {
    const line = this.line ?? this.begin(around);
    line.leaves.push(leaf);
    line.text +=
      text.startsWith(' ') && /(^|\s)$/.test(line.text.slice(-1)) && !around.preformatted
        ? text.slice(1)
        : text;
    for (const mark of ['quoted', 'indented', 'attribution', 'signature', 'rule', 'picture'] as const) {
      if (around[mark]) line[mark] = true;
    }
  }

  /** A line break of the mail's own; where no line is open it makes a blank one. */
  endLine(leaf: HtmlNode, around: Around): void {
    this.add(leaf, '', around);
    this.line = undefined;
  }

  breakLine(space: number): void {
    this.line = undefined;
    this.spaceDue = Math.max(this.spaceDue, space);
  }

  /** Stands before the next line's words, but in no leaf. */
  prefix(text: string): void {
    this.prefixDue = text;
  }

  /** Between two cells of a row. */
  gap(): void {
    if (this.line && this.line.text !== '') this.line.text += ' ';
  }

  /** The next line begins the history. */
  cut(): void {
    this.line = undefined;
    this.cutDue = true;
  }

  private begin(around: Around): HtmlLine {
    const above = this.lines.at(-1);
    if (this.spaceDue > 0 && above && above.text.trim() !== '') {
      const isInside = around.quoted && above.quoted;
      this.lines.push({ text: '', leaves: [], ...(isInside ? { quoted: true } : {}) });
    }
    this.line = { text: this.prefixDue, leaves: this.unattached, ...(this.cutDue ? { cut: true } : {}) };
    this.unattached = [];
    this.spaceDue = 0;
    this.prefixDue = '';
    this.cutDue = false;
    this.lines.push(this.line);
    return this.line;
  }
}
