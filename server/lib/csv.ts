// Comma-separated values (RFC 4180): written so that no spreadsheet takes a cell for a formula, read as spreadsheets write them.

/** Byte order mark: without it spreadsheets take UTF-8 for something else. */
export const BOM = '\uFEFF';

/**
 * A spreadsheet calculates what begins so, some also the full-width signs, with whatever a stranger wrote there (OWASP, CSV injection).
 * Where its list separator is a semicolon or a tab it splits our cells there, and from the second on quotes hold nothing together.
 */
const FORMULA = /^(?=[\t\r\n])|(?=[=+\-@＝＋－＠])(?<=(?:^|[;\t\r\n]) *)/g;
/** Ours, and undone when the file comes back. */
const DEFUSED = /^'(?=[\t\r\n])|'(?=[=+\-@＝＋－＠])(?<=(?:^|[;\t\r\n]) *')/g;

function cellOf(value: string | number): string {
  const text = typeof value === 'string' ? value.replace(FORMULA, "'") : String(value);
  return `"${text.replaceAll('"', '""')}"`;
}

export const csvLine = (cells: (string | number)[]): string => `${cells.map(cellOf).join(',')}\r\n`;

export interface CsvRow {
  /** Where it begins in the file, from 1. */
  line: number;
  cells: string[];
}

/** Thrown for a quote that is opened and never closed; the line where it is opened. */
export class OpenQuote extends Error {
  constructor(readonly line: number) {
    super(`a quote on line ${line} is not closed`);
  }
}

/** A row that no table of people has; a file may be one such row from end to end. */
const MOST_CELLS = 100;
const LONGEST_ROW = 100_000;

/** Thrown for a row of more than 100 cells or 100,000 characters; the line where it begins. */
export class WideRow extends Error {
  constructor(readonly line: number) {
    super(`the row on line ${line} is too wide`);
  }
}

/**
 * Rows that hold anything, in their order. The separator is the one that the first line has most of: comma, semicolon or tab.
 * Reads no further than it is asked for rows.
 */
export function* csvRows(text: string): Generator<CsvRow> {
  const whole = text.startsWith(BOM) ? text.slice(1) : text;
  const separator = separatorOf(whole.slice(0, whole.search(/[\r\n]|$/)));
  let [at, line] = [0, 1];
  while (at < whole.length) {
    // Before anything is made of it: a file may hold millions.
    if (whole[at] === '\n' || whole[at] === '\r') {
      at += whole.startsWith('\r\n', at) ? 2 : 1;
      line += 1;
      continue;
    }
    const from = at;
    const row: CsvRow = { line, cells: [] };
    for (let more = true; more; ) {
      const quoted = whole[at] === '"' ? quotedAt(whole, at, line) : undefined;
      if (quoted) [at, line] = [quoted.end, line + quoted.breaks];
      const end = endOf(whole, at, separator);
      if (end - from > LONGEST_ROW || row.cells.length === MOST_CELLS) throw new WideRow(row.line);
      row.cells.push(((quoted?.text ?? '') + whole.slice(at, end)).trim().replace(DEFUSED, ''));
      at = end + 1;
      more = whole[end] === separator;
      if (whole[end] === '\r' && whole[at] === '\n') at += 1;
    }
    line += 1;
    if (row.cells.some((cell) => cell !== '')) yield row;
  }
}

/** What stands between a quote and the one that closes it, where that ends, and how many line breaks it holds. */
function quotedAt(text: string, from: number, line: number): { text: string; end: number; breaks: number } {
  let close = text.indexOf('"', from + 1);
  while (text[close + 1] === '"' && close >= 0 && close - from < LONGEST_ROW)
    close = text.indexOf('"', close + 2);
  if (close < 0) throw new OpenQuote(line);
  if (close - from >= LONGEST_ROW) throw new WideRow(line);
  const inside = text.slice(from + 1, close);
  return { text: inside.replaceAll('""', '"'), end: close + 1, breaks: inside.split('\n').length - 1 };
}

function endOf(text: string, from: number, separator: string): number {
  let at = from;
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return at;
}

function separatorOf(head: string): string {
  const count = (sign: string) => head.split(sign).length;
  return [';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best), ',');
}
