// The door of quote folding (M12): a mail's new words, its quoted history and its signature apart.
import { FORWARD_SUBJECT } from './fold-quotes/phrases';

export { type FoldedHtml, foldHtml } from './fold-quotes/html';
export { type Folded, foldText } from './fold-quotes/text';

/** A mail that passes another on is not folded: what it quotes is its news. */
export const isForwardSubject = (subject: string): boolean =>
  FORWARD_SUBJECT.test(subject.slice(0, 40).toLowerCase());

/** As it was before it was passed on: without "Fwd: ", "VS: " and their kin. */
export const withoutForward = (subject: string): string =>
  isForwardSubject(subject) ? subject.slice(subject.indexOf(':') + 1).trim() : subject;
