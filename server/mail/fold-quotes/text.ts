// Quote folding of plain text.
import { LONGEST_FOLDED } from '../limits';
import { type FoldOptions, foldLines } from './fold-lines';
import type { Fold } from './line';

export interface Folded {
  words: string;
  quote: string;
  signature: string;
}

/** Looks for quotes in the first 64 kB; what follows belongs to where they end. */
export function foldText(text: string, options: FoldOptions = {}): Folded {
  const head = text.slice(0, LONGEST_FOLDED);
  const lines = head.split('\n');
  const folds = foldLines(
    lines.map((line) => ({ text: line })),
    options,
  );
  const rest = text.slice(LONGEST_FOLDED);
  return gather(rest === '' ? lines : [...lines.slice(0, -1), (lines.at(-1) ?? '') + rest], folds);
}

/** The lines of each kind, joined; blank lines at the ends and more than one between go. */
export function gather(lines: string[], folds: Fold[]): Folded {
  const join = (wanted: Fold) =>
    lines
      .filter((_, at) => folds[at] === wanted)
      .map((line) => line.trimEnd())
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .replace(/^\n+|\n+$/g, '');
  return { words: join('words'), quote: join('quote'), signature: join('signature') };
}
