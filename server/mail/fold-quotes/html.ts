// Quote folding of HTML: the same rules as for text, on the lines that a reader sees.

import { type HtmlElement, type HtmlNode, writeHtml } from '../html-tree';
import { LONGEST_FOLDED } from '../limits';
import { type FoldOptions, foldLines } from './fold-lines';
import { type HtmlLine, linesOfHtml } from './html-lines';
import type { Fold } from './line';
import { type Folded, gather } from './text';

export interface FoldedHtml {
  /** As plain text, from the very same lines. */
  text: Folded;
  /** As HTML; not yet safe. */
  html: Folded;
}

/** `look` may change the lines' texts before they are written, leaf by leaf. */
export function foldHtml(
  root: HtmlElement,
  options: FoldOptions = {},
  look?: (lines: HtmlLine[]) => void,
): FoldedHtml {
  const lines = linesOfHtml(root);
  const near = lines.slice(0, lengthWithin(lines, LONGEST_FOLDED));
  const folds = foldLines(near, options);
  // Lines beyond the limit belong to where the last one within it does.
  const all = lines.map((_, at) => folds[at] ?? folds.at(-1) ?? 'words');
  look?.(lines);
  const texts = lines.map((line) => line.text);
  return { text: gather(texts, all), html: writeFolds(root, lines, all) };
}

function lengthWithin(lines: HtmlLine[], most: number): number {
  let length = 0;
  const beyond = lines.findIndex((line) => {
    length += line.text.length + 1;
    return length > most;
  });
  return beyond === -1 ? lines.length : beyond;
}

function writeFolds(root: HtmlElement, lines: HtmlLine[], folds: Fold[]): Folded {
  const foldOf = new Map<HtmlNode, Fold>();
  for (const [at, line] of lines.entries())
    for (const leaf of line.leaves) foldOf.set(leaf, folds[at] as Fold);
  const write = (wanted: Fold) =>
    folds.includes(wanted)
      ? writeHtml(root.children, (leaf) => (foldOf.get(leaf) ?? 'words') === wanted)
      : '';
  return { words: write('words'), quote: write('quote'), signature: write('signature') };
}
