// Where a person stands in a text, and the text without them.
import { ByteMatcher } from '../lib/byte-matcher';
import { foldBytes, lowerBytes, PASSAGE } from '../lib/passages';
import type { Needles } from './identity';

/** Stands where something was taken out. */
export const TAKEN_OUT = '[…]';

const ID_WINDOW = 6;

export interface Span {
  /** Bytes of the UTF-8 text. */
  from: number;
  to: number;
  what: 'id' | 'passage';
  needle: number;
}

/** Finds ids and copied passages in texts. Ids count only as whole words: "anna@x.example" is not in "hanna@x.example". */
export class Searcher {
  /** Ids that were seen inside of somebody else's longer word. */
  readonly lookalikes = new Set<number>();
  private readonly ids: ByteMatcher;
  private readonly passages: ByteMatcher;
  private readonly ignoredPassages = new Set<number>();
  private readonly ignoredIds = new Set<number>();

  constructor(readonly needles: Needles) {
    const ids = needles.ids.map((id) => Buffer.from(id, 'utf8'));
    this.ids = new ByteMatcher(ids, ID_WINDOW);
    this.passages = new ByteMatcher(needles.passages, PASSAGE);
  }

  /** From now on this is not searched for: it is somebody else's too. */
  ignore({ what, needle }: Pick<Span, 'what' | 'needle'>): void {
    (what === 'id' ? this.ignoredIds : this.ignoredPassages).add(needle);
  }

  isIgnored = ({ what, needle }: Pick<Span, 'what' | 'needle'>): boolean =>
    what === 'id' ? this.ignoredIds.has(needle) : this.ignoredPassages.has(needle);

  /** An address, an id or a name: not only a number out of their words. */
  isNaming = ({ what, needle }: Pick<Span, 'what' | 'needle'>): boolean =>
    what === 'id' && needle < this.needles.numbersFrom;

  /** How much turned out to be other people's too. */
  get common(): number {
    return this.ignoredIds.size + this.ignoredPassages.size;
  }

  /** Whether anything may stand in a text, be it within longer words: a quick look before `find`. */
  stands(text: string): boolean {
    const bytes = Buffer.from(text, 'utf8');
    let found = false;
    const look = (what: Span['what']) => (needle: number) => {
      found = !this.isIgnored({ what, needle });
      return !found;
    };
    this.ids.search(lowerBytes(bytes), look('id'));
    if (!found && this.passages.needles.length > 0)
      this.passages.search(foldBytes(bytes).bytes, look('passage'));
    return found;
  }

  find(text: string): Span[] {
    if (text.length < ID_WINDOW) return [];
    const bytes = Buffer.from(text, 'utf8');
    const spans: Span[] = [];
    const lower = lowerBytes(bytes);
    this.ids.search(lower, (needle, from) => {
      const to = from + (this.ids.needles[needle] as Uint8Array).length;
      if (this.isIgnored({ what: 'id', needle })) return;
      if (standsAlone(lower, from, to)) spans.push({ from, to, what: 'id', needle });
      else this.lookalikes.add(needle);
    });
    if (bytes.length >= PASSAGE && this.passages.needles.length > 0) {
      const { bytes: letters, from: places } = foldBytes(bytes);
      this.passages.search(letters, (needle, at) => {
        if (this.ignoredPassages.has(needle)) return;
        spans.push({
          from: places[at] as number,
          to: (places[at + PASSAGE - 1] as number) + 1,
          what: 'passage',
          needle,
        });
      });
    }
    return spans;
  }
}

/** The letters and figures that may continue an address or a word; bytes as they stand in lower-case UTF-8. */
const isPlainWord = (byte: number) => (byte >= 97 && byte <= 122) || (byte >= 48 && byte <= 57);
const LONGEST_LETTER = 4;
const WORD = /[\p{L}\p{N}\p{M}\uFFFD]/u;

/** Quotation marks and dashes of print are no letters. What is no UTF-8 is taken for one. */
function isWordBefore(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at - 1];
  if (byte === undefined || byte < 128) return byte !== undefined && isPlainWord(byte);
  return WORD.test([...textOf(bytes, beginsAt(bytes, at - 1), at)].at(-1) ?? '');
}

function isWordAfter(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at];
  if (byte === undefined || byte < 128) return byte !== undefined && isPlainWord(byte);
  return WORD.test([...textOf(bytes, at, Math.min(endsAt(bytes, at + 1), at + LONGEST_LETTER))][0] ?? '');
}

const textOf = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.subarray(Math.max(from, to - LONGEST_LETTER), to)).toString('utf8');

const DOT = 46;
const JOINERS = new Set([DOT, 43, 45, 95]);

export function standsAlone(lower: Uint8Array, from: number, to: number): boolean {
  const isJoined = (at: number) => JOINERS.has(lower[at] ?? 0);
  if (isWordBefore(lower, from) || (isJoined(from - 1) && isWordBefore(lower, from - 1))) return false;
  return !isWordAfter(lower, to) && !(isJoined(to) && isWordAfter(lower, to + 1));
}

/** The text with each stretch that the spans cover taken out. */
export function without(text: string, spans: Span[]): string {
  if (spans.length === 0) return text;
  const bytes = Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  let at = 0;
  for (const { from, to } of merged(spans, bytes)) {
    parts.push(bytes.subarray(at, from), Buffer.from(TAKEN_OUT));
    at = to;
  }
  parts.push(bytes.subarray(at));
  return Buffer.concat(parts).toString('utf8');
}

/** Overlapping spans become one; no span cuts a letter in two. */
function merged(spans: Span[], bytes: Buffer): { from: number; to: number }[] {
  const inOrder = spans.toSorted((a, b) => a.from - b.from);
  const result: { from: number; to: number }[] = [];
  for (const span of inOrder) {
    const last = result.at(-1);
    const from = beginsAt(bytes, span.from);
    const to = endsAt(bytes, span.to);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}

const continues = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;

function beginsAt(bytes: Uint8Array, at: number): number {
  let from = at;
  while (from > 0 && continues(bytes[from])) from -= 1;
  return from;
}

function endsAt(bytes: Uint8Array, at: number): number {
  let to = at;
  while (continues(bytes[to])) to += 1;
  return to;
}
