// A line of a mail, from plain text or from HTML, as quote folding sees it; both are folded by the same rules.

export interface Line {
  text: string;
  /** Stands in something that quotes: a mail program's blockquote, a provider's box of history. */
  quoted?: boolean;
  /** Stands in a bare blockquote, which quotes only below an attribution. */
  indented?: boolean;
  /** A provider's own mark: from here on all is history. */
  cut?: boolean;
  /** A provider's own mark on "so-and-so wrote". */
  attribution?: boolean;
  /** Stands in a provider's signature box. */
  signature?: boolean;
  /** A horizontal rule. */
  rule?: boolean;
  /** Shows a picture of the mail's own, which is content even without words. */
  picture?: boolean;
}

export type Fold = 'words' | 'quote' | 'signature';

/** For comparing: invisible characters gone, blanks collapsed, never longer than patterns can take (ABUSE F8). */
export function comparable(text: string, longest: number): string {
  return text
    .slice(0, longest)
    .replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
