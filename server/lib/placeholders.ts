// Text with {{placeholders}} from a closed list. Nothing is computed in them, and nothing a value says is read as one again (AC-10).

const PLACE = /\{\{([^{}]*)\}\}/g;
const nameIn = (inner: string) => inner.trim().replace(/\s+/g, ' ').toLowerCase();

/** The first placeholder that there is not, as it was typed; "{{" without its end counts as one. */
export function unknownPlaceholder(words: string, isKnown: (name: string) => boolean): string | undefined {
  for (const [whole, inner = ''] of words.matchAll(PLACE)) if (!isKnown(nameIn(inner))) return whole;
  const rest = words.replace(PLACE, '');
  const open = rest.search(/\{\{|\}\}/);
  return open < 0 ? undefined : rest.slice(open, open + 30).split('\n')[0];
}

/** A value is one line without control characters, so that a name cannot add lines to a mail (AC-31). Undefined: left as it stands. */
export const fillPlaceholders = (words: string, meaningOf: (name: string) => string | undefined): string =>
  words.replace(PLACE, (whole, inner: string) => {
    const value = meaningOf(nameIn(inner));
    return value === undefined ? whole : oneLine(value);
  });

const oneLine = (value: string) =>
  value
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
