// Words as the search index sees them: letters and digits, case and marks left out.

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const PLAIN = /^[\x20-\x7e]*$/;

export const wordsIn = (text: string): string[] => text.match(WORD) ?? [];

/** Keeps the length of what it folds where that is possible. */
export const fold = (text: string): string =>
  PLAIN.test(text) ? text.toLowerCase() : text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export const foldedWordsIn = (text: string): string[] => wordsIn(text).map(fold);
