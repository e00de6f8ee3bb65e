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

/** Rows that hold anything, in their order. The separator is the one that the first line has most of: comma, semicolon or tab. */
export function* csvRows(text: string): Generator<CsvRow> {
  const whole = text.startsWith(BOM) ? text.slice(1) : text;
  const separator = separatorOf(whole.slice(0, whole.search(/[\r\n]|$/)));
  let [at, line] = [0, 1];
  while (at < whole.length) {
    const row: CsvRow = { line, cells: [] };
    for (let more = true; more; ) {
      let cell = '';
      if (whole[at] === '"') {
        const from = line;
        for (at += 1; ; at += 1) {
          if (at >= whole.length) throw new OpenQuote(from);
          if (whole[at] === '"' && whole[++at] !== '"') break;
          if (whole[at] === '\n') line += 1;
          cell += whole[at];
        }
      }
      const end = endOf(whole, at, separator);
      row.cells.push((cell + whole.slice(at, end)).trim().replace(DEFUSED, ''));
      at = end + 1;
      more = whole[end] === separator;
      if (whole[end] === '\r' && whole[at] === '\n') at += 1;
    }
    line += 1;
    if (row.cells.some((cell) => cell !== '')) yield row;
  }
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
