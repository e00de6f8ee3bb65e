// Says of every line of a mail whether it is new words, quoted history or signature (M12).
//
// Folded is what stands at the end: everything below a provider's mark, or the last run of quoted lines. A quote at
// the beginning is folded when its attribution proves it and the answer stands below it whole. Quotes with answers
// between them stay, because without them nobody understands the answers.
import type { Fold, Line } from './line';
import {
  beginsAttribution,
  isAttribution,
  isCertain,
  isForwardMark,
  isHeaderBlock,
  isRule,
  isSentFrom,
  isSeparator,
  isSignatureMark,
  mayEndAttribution,
  plainLine,
} from './marks';

/** What passes another mail on is read whole; `isForward` says so of the subject. */
export interface FoldOptions {
  isForward?: boolean;
}

type Kind = 'blank' | 'text' | 'quoted' | 'attribution';

/** A signature has few lines; what is longer is text below a stray dash. */
const LONGEST_SIGNATURE = 25;
/** An attribution may be wrapped over so many lines. */
const WRAPPED = 4;

/** Labels for all lines. When nothing would be left, everything is words. Linear in the text. */
export function foldLines(lines: Line[], options: FoldOptions = {}): Fold[] {
  const plain = lines.map((line) => plainLine(line.text));
  const kinds = kindsOf(lines, plain);
  const end = options.isForward ? undefined : endOfWords(lines, plain, kinds);
  const folds: Fold[] = lines.map((_, at) => (end === undefined || at < end ? 'words' : 'quote'));
  if (end !== undefined) {
    foldTail(kinds, folds, end, lines);
    foldHead(kinds, folds);
  }
  foldSignatures(lines, plain, kinds, folds);
  giveBlanksAway(kinds, folds);
  const isLeft = folds.some((fold, at) => fold === 'words' && (kinds[at] !== 'blank' || lines[at]?.picture));
  return isLeft ? folds : folds.map(() => 'words');
}

function kindsOf(lines: Line[], plain: string[]): Kind[] {
  const kinds: Kind[] = [];
  for (const [at, line] of lines.entries()) {
    kinds.push(kindOf(line, plain[at] as string, kinds));
    if (kinds[at] === 'text' && mayEndAttribution(plain[at] as string)) markAttribution(plain, kinds, at);
  }
  return kinds;
}

function kindOf(line: Line, plain: string, above: Kind[]): Kind {
  if (line.quoted || plain.startsWith('>')) return 'quoted';
  if (line.attribution) return 'attribution';
  if (plain === '' && !line.picture && !line.rule) return 'blank';
  if (!line.indented) return 'text';
  const last = above.findLast((kind) => kind !== 'blank');
  return last === 'attribution' || last === 'quoted' ? 'quoted' : 'text';
}

/** Looks whether the line ends an attribution, and how far above it begins: as few lines as make it whole. */
function markAttribution(plain: string[], kinds: Kind[], last: number): void {
  for (let first = last; first > last - WRAPPED && kinds[first] === 'text'; first--) {
    if (!isAttribution(plain.slice(first, last + 1).join(' '))) continue;
    const above = plain[first - 1] ?? '';
    const beginsAbove =
      kinds[first - 1] === 'text' && beginsAttribution(above) && !beginsAttribution(plain[first] ?? '');
    kinds.fill('attribution', beginsAbove && /[^.!?:]$/.test(above) ? first - 1 : first, last + 1);
    return;
  }
}

/**
 * Where the first mark stands below which all is history; the number of lines when there is none, undefined when
 * another mail is passed on first, which is to be read.
 */
function endOfWords(lines: Line[], plain: string[], kinds: Kind[]): number | undefined {
  for (let at = 0; at < lines.length; at++) {
    if (kinds[at] === 'quoted') continue;
    if (lines[at]?.cut) return at;
    const line = plain[at] as string;
    if (isForwardMark(line)) return undefined;
    if (kinds[at] === 'attribution' && isLoneAttribution(plain, kinds, at))
      return firstOfAttribution(kinds, at);
    if (isSeparator(line)) return at;
    const announced = isAnnounced(lines, plain, at);
    if (isHeaderBlock(plain, at, announced !== undefined)) return announced ?? at;
  }
  return lines.length;
}

/** An attribution with no quoted line below: Yahoo and some telephones quote without a mark. */
function isLoneAttribution(plain: string[], kinds: Kind[], at: number): boolean {
  if (kinds[at + 1] === 'attribution') return false;
  let below = at + 1;
  while (kinds[below] === 'blank') below++;
  if (below === kinds.length || kinds[below] === 'quoted') return false;
  const first = firstOfAttribution(kinds, at);
  return isCertain(plain.slice(first, at + 1).join(' '));
}

function firstOfAttribution(kinds: Kind[], at: number): number {
  let first = at;
  while (kinds[first - 1] === 'attribution') first--;
  return first;
}

/** The line of a rule above a header block, blanks between allowed. */
function isAnnounced(lines: Line[], plain: string[], at: number): number | undefined {
  for (let above = at - 1; above >= Math.max(0, at - 3); above--) {
    if (lines[above]?.rule || isRule(plain[above] as string)) return above;
    if (plain[above] !== '') return undefined;
  }
  return undefined;
}

/** The last run of quoted lines, with its attribution; a signature may stand below it. */
function foldTail(kinds: Kind[], folds: Fold[], end: number, lines: Line[]): void {
  let last = end - 1;
  while (last >= 0 && (kinds[last] === 'blank' || isBelowQuote(lines, kinds, last, end))) last--;
  if (kinds[last] !== 'quoted') return;
  let first = last;
  while (first > 0 && kinds[first - 1] !== 'text') first--;
  folds.fill('quote', first, last + 1);
}

/** Part of a signature that stands below the quote: everything from a mark to the end, nothing quoted among it. */
function isBelowQuote(lines: Line[], kinds: Kind[], at: number, end: number): boolean {
  if (lines[at]?.signature) return true;
  for (let mark = at; mark >= Math.max(0, end - LONGEST_SIGNATURE) && kinds[mark] !== 'quoted'; mark--) {
    if (isSignatureMark(lines[mark]?.text ?? '')) return true;
  }
  return false;
}

/** A proved quote at the beginning, when the answer stands below it in one piece. */
function foldHead(kinds: Kind[], folds: Fold[]): void {
  const first = kinds.findIndex((kind) => kind !== 'blank');
  if (kinds[first] !== 'attribution') return;
  const after = kinds.findIndex((kind, at) => at > first && kind === 'text');
  if (after === -1 || !kinds.slice(first, after).includes('quoted')) return;
  if (kinds.some((kind, at) => at > after && kind === 'quoted' && folds[at] === 'words')) return;
  if (folds[after] === 'words') folds.fill('quote', first, after);
}

function foldSignatures(lines: Line[], plain: string[], kinds: Kind[], folds: Fold[]): void {
  const isWords = (at: number) => folds[at] === 'words' && kinds[at] !== 'blank';
  for (const [at, line] of lines.entries())
    if (line.signature && folds[at] === 'words') folds[at] = 'signature';

  const mark = lines.findIndex(
    (line, at) => folds[at] === 'words' && kinds[at] === 'text' && isSignatureMark(line.text),
  );
  const below = lines.map((_, at) => at).filter((at) => at > mark && isWords(at));
  const isPlain = below.every((at) => kinds[at] === 'text');
  if (mark !== -1 && isPlain && below.length <= LONGEST_SIGNATURE) {
    for (const at of [mark, ...below]) folds[at] = 'signature';
  }
  const last = lines.findLastIndex((_, at) => isWords(at));
  if (last !== -1 && isSentFrom(plain[last] as string)) folds[last] = 'signature';
}

/** Blank lines around what is folded go with it. */
function giveBlanksAway(kinds: Kind[], folds: Fold[]): void {
  for (let at = folds.length - 2; at >= 0; at--) {
    const next = folds[at + 1] as Fold;
    if (kinds[at] === 'blank' && folds[at] === 'words' && next !== 'words') folds[at] = next;
  }
}
