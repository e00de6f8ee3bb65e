// Finds any of many byte strings in one pass, whatever their number (Rabin and Karp's rolling hash).

/** Called with which needle stands where; `false` ends the search. */
export type OnMatch = (needle: number, at: number) => boolean | void;

const BASE = 0x01000193;

export class ByteMatcher {
  readonly longest: number;
  private readonly heads: Int32Array;
  private readonly next: Int32Array;
  private readonly mask: number;
  private readonly leaving: number;

  /** Needles shorter than `window` bytes are never found; the longer the window, the fewer false steps. */
  constructor(
    readonly needles: readonly Uint8Array[],
    private readonly window: number,
  ) {
    let size = 1_024;
    while (size < needles.length * 4) size *= 2;
    this.mask = size - 1;
    this.heads = new Int32Array(size).fill(-1);
    this.next = new Int32Array(needles.length).fill(-1);
    this.longest = needles.reduce((most, needle) => Math.max(most, needle.length), 0);
    let leaving = 1;
    for (let i = 1; i < window; i++) leaving = Math.imul(leaving, BASE);
    this.leaving = leaving;
    for (const [index, needle] of needles.entries()) if (needle.length >= window) this.add(index, needle);
  }

  /** Every place, overlapping ones too, in rising order of their starts. */
  search(bytes: Uint8Array, onMatch: OnMatch): void {
    const { window, leaving, heads, mask } = this;
    if (this.needles.length === 0 || bytes.length < window) return;
    let hash = 0;
    for (let i = 0; i < window; i++) hash = (Math.imul(hash, BASE) + (bytes[i] as number)) | 0;
    const last = bytes.length - window;
    for (let at = 0; ; at++) {
      let needle = heads[(hash ^ (hash >>> 15)) & mask] as number;
      for (; needle >= 0; needle = this.next[needle] as number) {
        if (this.standsAt(bytes, at, needle) && onMatch(needle, at) === false) return;
      }
      if (at === last) return;
      hash =
        (Math.imul(hash - Math.imul(bytes[at] as number, leaving), BASE) + (bytes[at + window] as number)) |
        0;
    }
  }

  /** Whether any needle stands in `bytes`. */
  finds(bytes: Uint8Array): boolean {
    let found = false;
    this.search(bytes, () => {
      found = true;
      return false;
    });
    return found;
  }

  private add(index: number, needle: Uint8Array): void {
    let hash = 0;
    for (let i = 0; i < this.window; i++) hash = (Math.imul(hash, BASE) + (needle[i] as number)) | 0;
    const place = (hash ^ (hash >>> 15)) & this.mask;
    this.next[index] = this.heads[place] as number;
    this.heads[place] = index;
  }

  private standsAt(bytes: Uint8Array, at: number, index: number): boolean {
    const needle = this.needles[index] as Uint8Array;
    if (at + needle.length > bytes.length) return false;
    for (let i = 0; i < needle.length; i++) if (bytes[at + i] !== needle[i]) return false;
    return true;
  }
}
